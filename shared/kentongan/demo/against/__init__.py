"""A season against a system that somebody else runs: a file says where, and by whose tokens."""
