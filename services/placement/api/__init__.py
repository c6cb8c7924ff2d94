"""The HTTP side of placement: a router per aggregate."""
