"""The embedded stack: MongoDB, Kafka and the services on one machine, without Docker."""
