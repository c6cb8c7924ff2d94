"""Every metric that a service shows, in one place; `docs/operations.md` holds the same table.

Names follow Prometheus: a unit as suffix, `_total` for counters. The first label is always the
service. No label ever carries an id or anything about a person: labels must stay few.
"""

from prometheus_client import Counter, Gauge, Histogram

DELAYS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# The process: what it depends on beside Kafka and MongoDB.
KEY_SET_READ = Gauge(
    "kentongan_key_set_read_timestamp_seconds",
    "When the identity provider's keys were last read and held one that can be used; 0 before.",
    ("service",),
)
CLOCK_DIFFERENCE = Gauge(
    "kentongan_clock_difference_seconds",
    "The database's clock minus the process's.",
    ("service",),
)

# HTTP: what callers see.
HTTP_REQUESTS = Counter(
    "kentongan_http_requests_total",
    "Requests answered, by route template and status.",
    ("service", "method", "route", "status"),
)
HTTP_SECONDS = Histogram(
    "kentongan_http_request_seconds",
    "Time from the first byte of a request to the end of its answer.",
    ("service", "method", "route"),
    buckets=DELAYS,
)

# Reading: a record is consumed, then applied, skipped or set aside, never dropped.
CONSUMED = Counter(
    "kentongan_records_consumed_total", "Records taken from a topic.", ("service", "topic")
)
APPLIED = Counter(
    "kentongan_events_applied_total", "Events written to a read model.", ("service", "read_model")
)
SKIPPED = Counter(
    "kentongan_records_skipped_total",
    "Records of a type that the service does not subscribe to.",
    ("service", "topic"),
)
DEAD_LETTERS = Counter(
    "kentongan_dead_letters_total", "Records set aside as dead letters.", ("service", "reason")
)
LAG = Gauge(
    "kentongan_consumer_lag_records",
    "Records between the consumer's position and the high watermark.",
    ("service", "topic", "partition"),
)
CONSUMER_STOPPED = Gauge(
    "kentongan_consumer_stopped",
    "1 while a flood of poison has stopped the consumer; alert on it.",
    ("service",),
)
REBUILD_RECORDS = Counter(
    "kentongan_rebuild_records_total", "Records read by rebuilds.", ("service", "read_model")
)

# Writing: events wait in outboxes until the relay has published them.
OUTBOX_BACKLOG = Gauge(
    "kentongan_outbox_backlog_aggregates", "Aggregates with unpublished events.", ("service",)
)
OUTBOX_AGE = Gauge(
    "kentongan_outbox_oldest_age_seconds", "Age of the oldest unpublished event.", ("service",)
)
PUBLISHED = Counter(
    "kentongan_events_published_total", "Events acknowledged by the broker.", ("service", "topic")
)
RELAY_ROUND = Histogram(
    "kentongan_relay_round_seconds",
    "One round of the relay: find, publish, acknowledge, clear.",
    ("service",),
    buckets=DELAYS,
)
RELAY_LEADER = Gauge(
    "kentongan_relay_leader", "1 on the process whose relay leads the service.", ("service",)
)

# Delivering: broadcast's courier sends webhooks. What reaches an inbox needs no sending.
SENDINGS = Counter(
    "kentongan_webhook_sendings_total",
    "Webhooks taken in hand, by what became of them: delivered, retried, failed or cancelled.",
    ("service", "outcome"),
)
SENDING_DELAY = Gauge(
    "kentongan_webhook_oldest_due_seconds",
    "How long the oldest webhook that is due has waited for a courier.",
    ("service",),
)
