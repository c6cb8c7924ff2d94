"""What the services show of what they hold, in the shape in which the checker compares it."""

from kentongan.demo.acts.views.broadcast import (
    broadcast_views,
    public_contents,
    recounted_notices,
    recounted_reach,
    recounted_webhooks,
)
from kentongan.demo.acts.views.programme import programme_views
from kentongan.demo.acts.views.scoring import scoring_recounts, scoring_views
from kentongan.demo.acts.views.trails import read_trails

__all__ = [
    "broadcast_views",
    "programme_views",
    "public_contents",
    "read_trails",
    "recounted_notices",
    "recounted_reach",
    "recounted_webhooks",
    "scoring_recounts",
    "scoring_views",
]
