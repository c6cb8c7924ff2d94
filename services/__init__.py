"""The four services; each knows the published contracts and no other service."""
