"""Builders and fixtures that the services' tests share."""
