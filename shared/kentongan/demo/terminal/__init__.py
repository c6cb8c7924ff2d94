"""The season on a terminal, while it runs and at its end."""
