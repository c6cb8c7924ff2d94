"""Webhooks: registered a few an owner, switched off where nobody receives any more."""
