from uuid import UUID

from kentongan.domain import IdempotencyKey
from kentongan.storage.aggregates.receipts import derived_id


def test_a_created_id_is_the_keys_own() -> None:
    key = IdempotencyKey("lurah-1:POST /kims:k1", "payload")
    again = IdempotencyKey("lurah-1:POST /kims:k1", "another payload")
    other = IdempotencyKey("lurah-2:POST /kims:k1", "payload")
    assert derived_id(key) == derived_id(again)
    assert derived_id(key) != derived_id(other)
    assert UUID(derived_id(key)).version == 5


def test_without_a_key_it_is_random() -> None:
    assert derived_id(None) != derived_id(None)
