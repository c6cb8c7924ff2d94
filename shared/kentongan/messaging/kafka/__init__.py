"""Kafka itself: clients with the safe options, topics, reading outside any group."""
