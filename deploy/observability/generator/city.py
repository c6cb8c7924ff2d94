"""The city at a glance: what whoever is on duty looks at first."""

from deploy.observability.generator.expressions import COMMANDS, quantile, rate, topics
from deploy.observability.generator.panels import Dashboard, Panel, Query, Row

_KEPT = Row(
    "Janji / promises kept",
    (
        Panel(
            "Perintah terjawab, 3 hari / commands answered, 3 days",
            (Query("1 - kentongan:commands_failed:ratio_rate3d", "{{service}}"),),
            "percentunit",
            "stat",
            width=6,
            at_least=0.999,
            explained="Janji: 99,9 %. / The objective is 99.9 %.",
        ),
        Panel(
            "Terlihat dalam 5 detik, 3 hari / visible within 5 seconds, 3 days",
            (Query("1 - kentongan:events_late:ratio_rate3d", "{{service}}"),),
            "percentunit",
            "stat",
            width=6,
            at_least=0.99,
            explained="Janji: 99 %. / The objective is 99 %.",
        ),
        Panel(
            "Kiriman tepat waktu, 3 hari / deliveries on time, 3 days",
            (Query("1 - kentongan:deliveries_late:ratio_rate3d", "{{service}}"),),
            "percentunit",
            "stat",
            width=4,
            at_least=0.95,
            explained="Janji: 95 %. / The objective is 95 %.",
        ),
        Panel(
            "Peringatan menyala / alerts firing",
            (
                Query(
                    'count(ALERTS{alertname=~"Kentongan.+", alertstate="firing", '
                    'severity!="info"}) or vector(0)',
                    "peringatan / alerts",
                ),
            ),
            "none",
            "stat",
            width=4,
            limit=1,
        ),
        Panel(
            "Suara, 24 jam / votes, 24 hours",
            (
                Query(
                    f"sum(increase(kentongan_events_published_total"
                    f"{{{topics('scoring.votes')}}}[24h]))",
                    "suara / votes",
                ),
            ),
            "short",
            "stat",
            width=4,
        ),
    ),
)
_WRITING = Row(
    "Perintah / commands",
    (
        Panel(
            "Perintah per detik / commands per second",
            (Query(rate("kentongan_http_requests_total", "service", COMMANDS), "{{service}}"),),
            "reqps",
        ),
        Panel(
            "Bagian perintah yang gagal / share of commands that failed",
            (Query("kentongan:commands_failed:ratio_rate5m", "{{service}}"),),
            "percentunit",
            limit=0.0144,
            explained="Di atas garis, anggaran 30 hari habis dalam dua hari. / "
            "Above the line the budget of 30 days is spent in two.",
        ),
        Panel(
            "Waktu jawab p95 / time to answer, p95",
            (Query(quantile(0.95, "kentongan_http_request_seconds", "service"), "{{service}}"),),
            "s",
        ),
    ),
)
_FLOWING = Row(
    "Dari perintah sampai terlihat / from command to visible",
    (
        Panel(
            "Sampai terlihat / until visible",
            tuple(
                Query(quantile(share, "kentongan_event_visible_seconds", ""), name)
                for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
            ),
            "s",
            limit=5,
            explained="Dari waktu peristiwa sampai ada di model baca. / "
            "From the event's time until it is in a reader's model.",
        ),
        Panel(
            "Ketertinggalan konsumer / consumer lag",
            (Query("sum by (service) (kentongan:consumer_lag:records)", "{{service}}"),),
            "short",
            explained="Tanpa garis: Kafka tak menjawab. / No line: Kafka doesn't answer.",
        ),
        Panel(
            "Umur outbox / age of the outbox",
            (Query("max by (service) (kentongan_outbox_oldest_age_seconds)", "{{service}}"),),
            "s",
            limit=60,
        ),
        Panel(
            "Menunggu di outbox / waiting in outboxes",
            (Query("max by (service) (kentongan_outbox_backlog_aggregates)", "{{service}}"),),
            "short",
        ),
        Panel(
            "Surat mati per jam / dead letters an hour",
            (
                Query(
                    "sum by (service) (increase(kentongan_dead_letters_total[1h]))", "{{service}}"
                ),
            ),
            "short",
            limit=1,
        ),
        Panel(
            "Konsumer berhenti / consumers stopped",
            (Query("max by (service) (kentongan_consumer_stopped)", "{{service}}"),),
            "none",
            limit=1,
        ),
    ),
)
_REACHING = Row(
    "Kiriman dan suara / deliveries and votes",
    (
        Panel(
            "Webhook menurut hasil / webhooks by outcome",
            (Query(rate("kentongan_webhook_sendings_total", "outcome"), "{{outcome}}"),),
            "ops",
            stacked=True,
        ),
        Panel(
            "Webhook terlama yang menunggu / oldest webhook that waits",
            (Query("max by (service) (kentongan_webhook_oldest_due_seconds)", "{{service}}"),),
            "s",
            limit=120,
        ),
        Panel(
            "Suara per detik / votes per second",
            (
                Query(
                    rate("kentongan_events_published_total", "service", topics("scoring.votes")),
                    "suara / votes",
                ),
            ),
            "ops",
        ),
    ),
)

CITY = Dashboard(
    "kentongan-city",
    "Kentongan: kota sekilas / the city at a glance",
    "Mulai di sini. / Begin here.",
    (_KEPT, _WRITING, _FLOWING, _REACHING),
)
