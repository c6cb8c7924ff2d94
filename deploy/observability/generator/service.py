"""One service, chosen above: its requests, its reading, its writing, its processes."""

from deploy.observability.generator.expressions import PER_SECOND, age, quantile, rate
from deploy.observability.generator.panels import Dashboard, Panel, Query, Row, choice_of

_THIS = 'service="$service"'
_OF_THIS = f"and on (job, instance) kentongan_build_info{{{_THIS}}}"
"""What the runtime says of a process names no service."""
_SHARES = ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))

_HTTP = Row(
    "Permintaan / requests",
    (
        Panel(
            "Menurut status / by status",
            (Query(rate("kentongan_http_requests_total", "status", _THIS), "{{status}}"),),
            "reqps",
            stacked=True,
        ),
        Panel(
            "Waktu jawab / time to answer",
            tuple(
                Query(quantile(share, "kentongan_http_request_seconds", "service", _THIS), name)
                for share, name in _SHARES
            ),
            "s",
        ),
        Panel(
            "Rute terlambat, p95 / slowest routes, p95",
            (
                Query(
                    "topk(10, "
                    + quantile(0.95, "kentongan_http_request_seconds", "method, route", _THIS)
                    + ")",
                    "{{method}} {{route}}",
                ),
            ),
            "s",
            "bargauge",
        ),
    ),
)
_READING = Row(
    "Membaca / reading",
    (
        Panel(
            "Catatan menurut topik / records by topic",
            (Query(rate("kentongan_records_consumed_total", "topic", _THIS), "{{topic}}"),),
            "ops",
        ),
        Panel(
            "Diterapkan menurut model baca / applied by read model",
            (Query(rate("kentongan_events_applied_total", "read_model", _THIS), "{{read_model}}"),),
            "ops",
        ),
        Panel(
            "Ketertinggalan / lag",
            (
                Query(
                    f"kentongan:consumer_lag:records{{{_THIS}}}",
                    "{{topic}}",
                ),
            ),
            "short",
        ),
        Panel(
            "Konsumer tersambung / consumers connected",
            (
                Query(
                    f"sum by (service) (kentongan_consumer_connected{{{_THIS}}})",
                    "{{service}}",
                ),
            ),
            "none",
            width=6,
            at_least=1,
        ),
        Panel(
            "Sejak ambil dan commit terakhir / since the last poll and commit",
            (
                Query(
                    age("kentongan_consumer_last_poll_timestamp_seconds", "service", _THIS),
                    "ambil / poll",
                ),
                Query(
                    age("kentongan_consumer_last_commit_timestamp_seconds", "service", _THIS),
                    "commit",
                ),
            ),
            "s",
            width=6,
            explained="Commit diam selama tak ada yang dibaca. / "
            "No commit is made while nothing is read.",
        ),
        Panel(
            "Surat mati per jam / dead letters an hour",
            (
                Query(
                    f"sum by (reason) (increase(kentongan_dead_letters_total{{{_THIS}}}[1h]))",
                    "{{reason}}",
                ),
            ),
            "short",
            width=6,
        ),
        Panel(
            "Dibaca untuk membangun ulang / read for rebuilds",
            (
                Query(
                    rate("kentongan_rebuild_records_total", "read_model", _THIS), "{{read_model}}"
                ),
            ),
            "ops",
            width=6,
        ),
    ),
)
_WRITING = Row(
    "Menerbitkan / publishing",
    (
        Panel(
            "Terbit menurut topik / published by topic",
            (Query(rate("kentongan_events_published_total", "topic", _THIS), "{{topic}}"),),
            "ops",
        ),
        Panel(
            "Outbox",
            (
                Query(
                    f"max by (service) (kentongan_outbox_backlog_aggregates{{{_THIS}}})",
                    "agregat / aggregates",
                ),
                Query(
                    f"max by (service) (kentongan_outbox_oldest_age_seconds{{{_THIS}}})",
                    "umur, detik / age, seconds",
                ),
            ),
            "short",
        ),
        Panel(
            "Putaran relay / rounds of the relay",
            tuple(
                Query(quantile(share, "kentongan_relay_round_seconds", "service", _THIS), name)
                for share, name in _SHARES
            ),
            "s",
        ),
    ),
)
_PROCESSES = Row(
    "Proses / processes",
    (
        Panel(
            "Versi dan peran / versions and roles",
            (Query(f"count by (role, version, revision) (kentongan_build_info{{{_THIS}}})"),),
            "none",
            "table",
        ),
        Panel(
            "Hidup dan memimpin / up and leading",
            (
                Query(f"count by (service) (kentongan_build_info{{{_THIS}}})", "hidup / up"),
                Query(
                    f"sum by (service) (kentongan_relay_leader{{{_THIS}}})",
                    "memimpin relay / relay leaders",
                ),
            ),
            "none",
        ),
        Panel(
            "Mulai ulang per jam / restarts an hour",
            (
                Query(
                    f"changes(process_start_time_seconds[1h]) {_OF_THIS}",
                    "{{instance}}",
                ),
            ),
            "none",
        ),
        Panel(
            "CPU",
            (
                Query(
                    f"rate(process_cpu_seconds_total{PER_SECOND}) {_OF_THIS}",
                    "{{instance}}",
                ),
            ),
            "percentunit",
            width=6,
        ),
        Panel(
            "Memori / memory",
            (
                Query(
                    f"process_resident_memory_bytes {_OF_THIS}",
                    "{{instance}}",
                ),
            ),
            "bytes",
            width=6,
        ),
        Panel(
            "Koneksi MongoDB / MongoDB connections",
            (
                Query(
                    f"sum by (service) (kentongan_database_connections{{{_THIS}}})",
                    "terbuka / open",
                ),
                Query(
                    f"sum by (service) (kentongan_database_connections_in_use{{{_THIS}}})",
                    "terpakai / in use",
                ),
            ),
            "none",
            width=6,
        ),
        Panel(
            "Selisih jam dengan MongoDB / clock difference to MongoDB",
            (
                Query(
                    f"abs(kentongan_clock_difference_seconds{{{_THIS}}})",
                    "{{instance}}",
                ),
            ),
            "s",
            width=6,
            limit=5,
        ),
    ),
)

SERVICE = Dashboard(
    "kentongan-service",
    "Kentongan: satu layanan / a service",
    "Pilih layanan di atas. / Choose the service above.",
    (_HTTP, _READING, _WRITING, _PROCESSES),
    (choice_of("service", "Layanan / service", "kentongan_build_info"),),
)
