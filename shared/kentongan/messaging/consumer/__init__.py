"""The consumer loop of a service: its group, its patience, its lag, its watchdog."""
