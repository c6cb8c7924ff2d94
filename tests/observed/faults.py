"""Which fault really fires which alert, in a real Prometheus and Alertmanager.

Keys are the tests of `test_alerts_fire.py`; values are what those tests wait for. An alert that
nothing here provokes fails `test_every_alert_has_a_fault`.
"""

from tests.observed.alertmanager import Told

SERVICES = ("registry", "placement", "broadcast", "scoring")

FAULTS: dict[str, frozenset[Told]] = {
    "placement_is_killed": frozenset(
        {
            ("KentonganTargetDown", ""),
            ("KentonganServiceAbsent", "placement"),
            ("KentonganConsumerAbsent", "placement"),
            ("KentonganNoRelayLeader", "placement"),
            ("KentonganRoleGone", "placement"),
        }
    ),
    "couriers_are_scaled_to_none": frozenset(
        {("KentonganCourierAbsent", "broadcast"), ("KentonganRoleGone", "broadcast")}
    ),
    "kafka_goes_away": frozenset(
        {
            ("KentonganKafkaAway", ""),
            ("KentonganOutboxOld", "registry"),
            *(("KentonganConsumerDisconnected", service) for service in SERVICES),
        }
    ),
    "what_waited_for_kafka_is_late": frozenset(
        {("KentonganEventsLate", "placement"), ("KentonganEventsLateSlowly", "placement")}
    ),
    "mongodb_goes_away": frozenset(
        {
            ("KentonganCommandsFailing", "registry"),
            ("KentonganCommandsFailingSlowly", "registry"),
            ("KentonganConsumerNotPolling", "placement"),
            ("KentonganReaderBehind", "placement"),
            ("KentonganReaderStalled", "placement"),
            *(("KentonganDatabaseAway", service) for service in SERVICES),
        }
    ),
    "writes_are_blocked": frozenset({("KentonganDatabasePoolExhausted", "registry")}),
    "a_record_of_poison": frozenset({("KentonganDeadLetters", "scoring")}),
    "a_flood_of_poison": frozenset({("KentonganConsumerStopped", "scoring")}),
    "receivers_never_answer": frozenset(
        {("KentonganCourierBehind", "broadcast"), ("KentonganDeliveriesGivenUp", "broadcast")}
    ),
    "what_waited_for_the_courier_is_late": frozenset(
        {("KentonganDeliveriesLate", "broadcast"), ("KentonganDeliveriesLateSlowly", "broadcast")}
    ),
    "another_installation_beside_it": frozenset(
        {("KentonganTwoRelayLeaders", "registry"), ("KentonganMixedVersions", "registry")}
    ),
    "a_clock_runs_ahead": frozenset({("KentonganClockDifference", "registry")}),
    "a_process_keeps_restarting": frozenset({("KentonganRestarting", "")}),
    "no_keys_can_be_read": frozenset({("KentonganKeySetOld", "registry")}),
}
