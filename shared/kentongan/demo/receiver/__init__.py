"""The other end of the webhooks: a real HTTP server on this machine, like an integrator's."""
