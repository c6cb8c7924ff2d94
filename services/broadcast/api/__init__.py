"""HTTP of broadcast: a router per aggregate."""
