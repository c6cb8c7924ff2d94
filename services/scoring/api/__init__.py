"""HTTP of scoring: a router per aggregate."""
