"""The registry over HTTP: commands and queries, a router per theme."""
