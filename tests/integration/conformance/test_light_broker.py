"""The messaging suite on the lighter broker, which stands in for Apache Kafka in `up` and `demo`.

The tests are the suite's own, given another `village`. What the lighter broker doesn't have:

- an idempotent producer (no InitProducerId): the relay's producer goes without, and a repeat after
  a lost acknowledgement is a duplicate, which every reader takes anyway;
- `list_consumer_group_offsets`: the committed offsets are asked of the group's own consumer;
- changes of a topic's configuration (AlterConfigs): topics are made right, never corrected;
- offsets by time, as Kafka has them: a partition with no record after the moment is read from its
  beginning;
- anything on disk: its records end with it.

So left out are the tests that correct a topic's configuration, that read from a moment, and that
restart the broker; and, for the sake of time, those of floods and of catching up.
"""

import pytest

from tests.integration.messaging.test_command_to_reader import (
    test_a_registered_group_appears_in_the_directory,
    test_all_events_of_an_aggregate_arrive_in_its_order,
    test_what_was_recorded_while_nothing_ran_is_published_and_applied,
)
from tests.integration.messaging.test_poison import (
    test_a_letter_names_its_place_in_the_topic,
    test_a_record_over_a_megabyte_and_a_type_of_nobody_stop_nothing,
    test_dead_letters_are_copied_to_their_topic_with_their_reason,
    test_poison_is_set_aside_once_and_its_neighbours_are_applied,
)
from tests.integration.messaging.test_rebalancing import (
    test_a_stop_commits_what_was_applied,
    test_consumers_join_and_leave_under_load_and_nothing_is_missing,
)
from tests.integration.messaging.test_rebuild import (
    test_a_dropped_read_model_is_built_at_the_next_start,
    test_a_new_read_model_is_built_from_the_beginning,
    test_a_rebuild_under_load_loses_nothing,
)
from tests.integration.messaging.test_redrive import (
    test_a_repaired_reader_redrives_what_the_broken_one_refused,
)
from tests.integration.messaging.test_relay import (
    test_an_aggregate_that_cannot_be_sent_starves_no_other,
    test_one_relay_leads_and_another_takes_over,
)
from tests.integration.messaging.test_tail import test_following_shows_what_comes
from tests.integration.messaging.test_topics import (
    test_what_is_planned_is_applied_and_then_verified,
)

pytestmark = pytest.mark.xdist_group("light-broker")

__all__ = [
    "test_a_dropped_read_model_is_built_at_the_next_start",
    "test_a_letter_names_its_place_in_the_topic",
    "test_a_new_read_model_is_built_from_the_beginning",
    "test_a_rebuild_under_load_loses_nothing",
    "test_a_record_over_a_megabyte_and_a_type_of_nobody_stop_nothing",
    "test_a_registered_group_appears_in_the_directory",
    "test_a_repaired_reader_redrives_what_the_broken_one_refused",
    "test_a_stop_commits_what_was_applied",
    "test_all_events_of_an_aggregate_arrive_in_its_order",
    "test_an_aggregate_that_cannot_be_sent_starves_no_other",
    "test_consumers_join_and_leave_under_load_and_nothing_is_missing",
    "test_dead_letters_are_copied_to_their_topic_with_their_reason",
    "test_following_shows_what_comes",
    "test_one_relay_leads_and_another_takes_over",
    "test_poison_is_set_aside_once_and_its_neighbours_are_applied",
    "test_what_is_planned_is_applied_and_then_verified",
    "test_what_was_recorded_while_nothing_ran_is_published_and_applied",
]
