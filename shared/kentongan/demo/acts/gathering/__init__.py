"""The figures of a season, service by service."""

from kentongan.demo.acts.gathering.season import gather

__all__ = ["gather"]
