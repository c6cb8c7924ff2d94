"""From the outboxes to Kafka: one leader, rounds that overlap, dead letters too."""
