"""Refusals and their wording, Indonesian and English (RFC 9457)."""
