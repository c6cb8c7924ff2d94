"""broadcast owns contents, audiences, channels and deliveries; see README.md."""
