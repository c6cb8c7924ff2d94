"""PromQL that several dashboards ask for."""

COMMANDS = 'method!~"GET|HEAD|OPTIONS"'
"""Requests that are to change something."""
PER_SECOND = "[$__rate_interval]"


def topics(name: str) -> str:
    """A matcher of a topic, whatever the prefix of the installation."""
    return f'topic=~"(.+[.])?{name.replace(".", "[.]")}"'


def rate(metric: str, by: str, matching: str = "") -> str:
    """How much a counter grows in a second."""
    return f"sum by ({by}) (rate({metric}{{{matching}}}{PER_SECOND}))"


def quantile(share: float, metric: str, by: str, matching: str = "") -> str:
    """Below what a share of a histogram's observations lies; over all where `by` is empty."""
    buckets = (
        f"sum by ({f'{by}, le' if by else 'le'}) (rate({metric}_bucket{{{matching}}}{PER_SECOND}))"
    )
    return f"histogram_quantile({share}, {buckets})"


def age(timestamp: str, by: str, matching: str = "") -> str:
    """Seconds since a moment that a gauge keeps; the latest of each group counts."""
    return f"time() - max by ({by}) ({timestamp}{{{matching}}} > 0)"
