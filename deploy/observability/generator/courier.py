"""The courier: what broadcast sends to webhooks, and whether it arrives in time."""

from deploy.observability.generator.expressions import PER_SECOND, rate
from deploy.observability.generator.panels import Dashboard, Panel, Query, Row

_COURIERS = 'kentongan_webhook_oldest_due_seconds{service="broadcast"}'

_ARRIVING = Row(
    "Sampai / arriving",
    (
        Panel(
            "Webhook menurut hasil / webhooks by outcome",
            (Query(rate("kentongan_webhook_sendings_total", "outcome"), "{{outcome}}"),),
            "ops",
            stacked=True,
        ),
        Panel(
            "Sampai tepat waktu atau terlambat / arrived on time or late",
            (Query(rate("kentongan_deliveries_arrived_total", "punctuality"), "{{punctuality}}"),),
            "ops",
            stacked=True,
        ),
        Panel(
            "Bagian yang terlambat, 1 jam / share that was late, 1 hour",
            (Query("kentongan:deliveries_late:ratio_rate1h", "{{service}}"),),
            "percentunit",
            limit=0.05,
        ),
    ),
)
_WAITING = Row(
    "Menunggu / waiting",
    (
        Panel(
            "Webhook terlama yang menunggu / oldest webhook that waits",
            (Query(f"max({_COURIERS})", "detik / seconds"),),
            "s",
            limit=120,
            explained="Naik terus: tambah kurir. / It keeps rising: add couriers.",
        ),
        Panel(
            "Bagian yang gagal, 1 jam / share given up, 1 hour",
            (
                Query(
                    'sum(increase(kentongan_webhook_sendings_total{outcome="failed"}[1h])) / '
                    "(sum(increase(kentongan_webhook_sendings_total"
                    '{outcome=~"delivered|failed"}[1h])) > 0)',
                    "gagal / given up",
                ),
            ),
            "percentunit",
            limit=0.2,
        ),
        Panel(
            "Percobaan ulang per kiriman yang sampai, 1 jam / retries per arrival, 1 hour",
            (
                Query(
                    'sum(increase(kentongan_webhook_sendings_total{outcome="retried"}[1h])) / '
                    "(sum(increase(kentongan_webhook_sendings_total"
                    '{outcome="delivered"}[1h])) > 0)',
                    "per kiriman / per arrival",
                ),
            ),
            "short",
        ),
    ),
)
_PROCESSES = Row(
    "Kurir / couriers",
    (
        Panel(
            "Jumlah kurir / couriers",
            (Query(f"count({_COURIERS})", "kurir / couriers"),),
            "none",
            at_least=1,
        ),
        Panel(
            "CPU",
            (
                Query(
                    f"rate(process_cpu_seconds_total{PER_SECOND}) "
                    f"and on (job, instance) {_COURIERS}",
                    "{{instance}}",
                ),
            ),
            "percentunit",
        ),
        Panel(
            "Memori / memory",
            (
                Query(
                    f"process_resident_memory_bytes and on (job, instance) {_COURIERS}",
                    "{{instance}}",
                ),
            ),
            "bytes",
        ),
    ),
)

COURIER = Dashboard(
    "kentongan-courier",
    "Kentongan: kurir / the courier",
    "Webhook kepada kelompok dan kampus. / Webhooks to groups and campuses.",
    (_ARRIVING, _WAITING, _PROCESSES),
)
