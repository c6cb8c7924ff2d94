"""A service as a running process: what it is made of, its roles, its start and its end."""
