"""Apache Kafka on one machine, from its own jars and a Java of its own."""
