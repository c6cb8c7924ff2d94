"""What a service keeps from events: directories, ledgers, and whether they are built."""
