"""The event flow: who publishes what, who reads it, and how far behind."""

from deploy.observability.generator.expressions import age, quantile, rate
from deploy.observability.generator.panels import Dashboard, Panel, Query, Row

_EDGE = "{{topic}} → {{service}}"

_THROUGH = Row(
    "Melewati Kafka / through Kafka",
    (
        Panel(
            "Terbit / published",
            (Query(rate("kentongan_events_published_total", "topic"), "{{topic}}"),),
            "ops",
        ),
        Panel(
            "Dibaca / read",
            (Query(rate("kentongan_records_consumed_total", "topic, service"), _EDGE),),
            "ops",
        ),
        Panel(
            "Terlewati: jenis yang tak diikuti / skipped: types not subscribed to",
            (Query(rate("kentongan_records_skipped_total", "topic, service"), _EDGE),),
            "ops",
            explained="Bukan galat. / Not an error.",
        ),
    ),
)
_EDGES = Row(
    "Dari topik ke pembaca / from topic to reader",
    (
        Panel(
            "Dibaca dalam 24 jam / read in 24 hours",
            (
                Query(
                    "sum by (topic, service) (increase(kentongan_records_consumed_total[24h]))",
                    _EDGE,
                ),
            ),
            "short",
            "bargauge",
            width=12,
        ),
        Panel(
            "Sampai terlihat, p95 / until visible, p95",
            (
                Query(
                    quantile(0.95, "kentongan_event_visible_seconds", "topic, service"),
                    _EDGE,
                ),
            ),
            "s",
            width=12,
            limit=5,
        ),
        Panel(
            "Ketertinggalan / lag",
            (Query("kentongan:consumer_lag:records", _EDGE),),
            "short",
            width=12,
        ),
        Panel(
            "Tertinggal menurut partisi / lag by partition",
            (
                Query(
                    "topk(20, max by (topic, partition, service) (kentongan_consumer_lag_records))"
                ),
            ),
            "short",
            "table",
            width=12,
        ),
    ),
)
_ENDS = Row(
    "Kedua ujung / both ends",
    (
        Panel(
            "Menunggu terbit / waiting to be published",
            (Query("max by (service) (kentongan_outbox_backlog_aggregates)", "{{service}}"),),
            "short",
            width=6,
        ),
        Panel(
            "Sejak commit terakhir / since the last commit",
            (
                Query(
                    age("kentongan_consumer_last_commit_timestamp_seconds", "service"),
                    "{{service}}",
                ),
            ),
            "s",
            width=6,
        ),
        Panel(
            "Surat mati menurut alasan, 24 jam / dead letters by reason, 24 hours",
            (
                Query(
                    "sum by (service, reason) (increase(kentongan_dead_letters_total[24h])) > 0",
                    "{{service}}: {{reason}}",
                ),
            ),
            "short",
            "bargauge",
            width=6,
        ),
        Panel(
            "Dibaca untuk membangun ulang / read for rebuilds",
            (
                Query(
                    rate("kentongan_rebuild_records_total", "service, read_model"),
                    "{{service}}: {{read_model}}",
                ),
            ),
            "ops",
            width=6,
        ),
    ),
)

FLOW = Dashboard(
    "kentongan-flow",
    "Kentongan: aliran peristiwa / the event flow",
    "Dari penerbit ke pembaca. / From publisher to reader.",
    (_THROUGH, _EDGES, _ENDS),
)
