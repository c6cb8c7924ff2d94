"""Kentongan: the kit that the four services share, and the published language between them."""
