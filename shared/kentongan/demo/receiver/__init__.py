"""The other end of the webhooks: a real HTTP server, like an integrator's.

`server` is the receiver, in the season's own process or run apart (`python -m
kentongan.demo.receiver`), `client` is how a season speaks to it: over HTTP, wherever it runs.
"""
