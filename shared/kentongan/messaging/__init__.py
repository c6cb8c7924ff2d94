"""Events on their way: subscriptions, the consumer, the relay, read models, reactions."""
