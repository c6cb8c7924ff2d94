"""Every metric that a service shows, in one place; `docs/operations.md` holds the same table.

Names follow Prometheus: a unit as suffix, `_total` for counters. The first label is always the
service. No label ever carries an id or anything about a person: labels must stay few. Counters and
histograms begin at 0 (`beginning.py`), so each says which values its labels are known to take.
"""

from prometheus_client import Gauge

from kentongan.observability.beginning import answers, counter, each, histogram, service_alone

DELAYS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LONG_DELAYS = (*DELAYS, 30.0, 60.0, 120.0, 300.0)
"""Where a backend is away work takes that long, and shows how long."""
AGES = (
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
    300.0,
    900.0,
    3600.0,
)

# The process.
BUILD_INFO = Gauge(
    "kentongan_build_info",
    "1, with the version of the distribution and the revision that it was built from.",
    ("service", "version", "revision"),
)
DATABASE_CONNECTIONS = Gauge(
    "kentongan_database_connections", "Connections to MongoDB in the process's pool.", ("service",)
)
DATABASE_CONNECTIONS_IN_USE = Gauge(
    "kentongan_database_connections_in_use", "Those of them that an operation has.", ("service",)
)

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
HTTP_REQUESTS = counter(
    "kentongan_http_requests_total",
    "Requests answered, by route template and status.",
    ("service", "method", "route", "status"),
    answers,
)
HTTP_SECONDS = histogram(
    "kentongan_http_request_seconds",
    "Time from the first byte of a request to the end of its answer.",
    ("service", "method", "route"),
    DELAYS,
    lambda known: {(method, route) for method, route, _ in known.routes},
)

# Reading: a record is consumed, then applied, skipped or set aside, never dropped.
CONSUMED = counter(
    "kentongan_records_consumed_total",
    "Records taken from a topic.",
    ("service", "topic"),
    each(lambda known: known.reads),
)
APPLIED = counter(
    "kentongan_events_applied_total",
    "Events written to a read model.",
    ("service", "read_model"),
    each(lambda known: known.read_models),
)
SKIPPED = counter(
    "kentongan_records_skipped_total",
    "Records of a type that the service does not subscribe to.",
    ("service", "topic"),
    each(lambda known: known.reads),
)
DEAD_LETTERS = counter(
    "kentongan_dead_letters_total",
    "Records set aside as dead letters.",
    ("service", "reason"),
    each(lambda known: known.poison_reasons),
)
EVENT_VISIBLE = histogram(
    "kentongan_event_visible_seconds",
    "From an event's time to the acknowledged write of the reader's model; no rebuilds.",
    ("service", "topic"),
    AGES,
    each(lambda known: known.reads),
)
LAG = Gauge(
    "kentongan_consumer_lag_records",
    "Records that the broker has and the consumer has not taken; none while it doesn't answer.",
    ("service", "topic", "partition"),
)
CONSUMER_CONNECTED = Gauge(
    "kentongan_consumer_connected", "1 while the broker answers the consumer.", ("service",)
)
CONSUMER_LAST_POLL = Gauge(
    "kentongan_consumer_last_poll_timestamp_seconds",
    "When the consumer last asked its partitions for records, whether or not there were any.",
    ("service",),
)
CONSUMER_LAST_COMMIT = Gauge(
    "kentongan_consumer_last_commit_timestamp_seconds",
    "When the broker last acknowledged a commit of offsets.",
    ("service",),
)
CONSUMER_STOPPED = Gauge(
    "kentongan_consumer_stopped",
    "1 while a flood of poison has stopped the consumer; alert on it.",
    ("service",),
)
REBUILD_RECORDS = counter(
    "kentongan_rebuild_records_total",
    "Records read by rebuilds.",
    ("service", "read_model"),
    each(lambda known: known.read_models),
)

# Writing: events wait in outboxes until the relay has published them.
OUTBOX_BACKLOG = Gauge(
    "kentongan_outbox_backlog_aggregates", "Aggregates with unpublished events.", ("service",)
)
OUTBOX_AGE = Gauge(
    "kentongan_outbox_oldest_age_seconds", "Age of the oldest unpublished event.", ("service",)
)
PUBLISHED = counter(
    "kentongan_events_published_total",
    "Events acknowledged by the broker.",
    ("service", "topic"),
    each(lambda known: known.publishes),
)
RELAY_ROUND = histogram(
    "kentongan_relay_round_seconds",
    "One round of the relay: find, publish, acknowledge, clear.",
    ("service",),
    LONG_DELAYS,
    service_alone,
)
RELAY_LEADER = Gauge(
    "kentongan_relay_leader", "1 on the process whose relay leads the service.", ("service",)
)

# Delivering: broadcast's courier sends webhooks. What reaches an inbox needs no sending.
OUTCOMES = ("delivered", "retried", "failed", "cancelled")
SENDINGS = counter(
    "kentongan_webhook_sendings_total",
    "Webhooks taken in hand, by what became of them: delivered, retried, failed or cancelled.",
    ("service", "outcome"),
    each(lambda known: OUTCOMES if "courier" in known.roles else ()),
)
ON_TIME, LATE = "on_time", "late"
ARRIVALS = counter(
    "kentongan_deliveries_arrived_total",
    "Webhooks that arrived, by whether that was within what was promised: on_time, late.",
    ("service", "punctuality"),
    each(lambda known: (ON_TIME, LATE) if "courier" in known.roles else ()),
)
SENDING_DELAY = Gauge(
    "kentongan_webhook_oldest_due_seconds",
    "How long the oldest webhook that is due has waited for a courier.",
    ("service",),
)
