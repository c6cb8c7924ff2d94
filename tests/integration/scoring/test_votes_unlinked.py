"""A vote leads to nobody: looked for in everything that is stored, published, answered, logged."""

import json
from collections.abc import Iterator
from typing import Any

import structlog

from kentongan.messaging.kafka.reading import TopicReader
from kentongan.messaging.kafka.topics import topic_name
from kentongan.settings import KafkaSettings
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import opened, published, vote, voter
from tests.support.desk import Desk, refused

SUGGESTION = "Pelatihan foto di balai warga"
BROUGHT = {
    "Idempotency_Key": "my-only-key",
    "X_Correlation_ID": "phone-of-warga",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}
"""What a client may send with every vote, day after day."""
TRACES = ("warga-rahasia", "my-only-key", "phone-of-warga", "0af7651916cd43dd8448eb211c80319c")


def leaves(value: Any) -> Iterator[str]:
    """Every text in a document, names of fields apart."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


async def raw_records(kafka: KafkaSettings) -> list[tuple[Any, ...]]:
    name = topic_name(kafka, "scoring.votes")
    found: list[tuple[Any, ...]] = []
    async with TopicReader(kafka, [name], client_id="test") as reader:
        async for batch in reader.read(await reader.beginnings(), await reader.ends()):
            found += [(record.key, record.value, record.headers) for record in batch]
    return found


def texts_of(record: tuple[Any, ...]) -> set[str]:
    key, value, headers = record
    named = {f"{name}={content.decode()}" for name, content in headers}
    return {key.decode(), *leaves(json.loads(value)), *named}


async def two_days_of_votes(scoring: Running, campaign_id: str) -> list[list[str]]:
    """The ids of two people's votes on two days, the first person's first."""
    ids: list[list[str]] = [[], []]
    for _ in range(2):
        for number in (0, 1):
            suggestion = SUGGESTION if number == 0 else None
            answer = await vote(
                voter(scoring, number), campaign_id, "sukasari", suggestion, **BROUGHT
            )
            assert answer.status_code == 201, answer.text
            ids[number].append(answer.json()["id"])
        refused(await vote(voter(scoring, 0), campaign_id), 409, "already-voted-today")
        scoring.clock.forward(days=1)
    return ids


async def test_nothing_leads_from_a_vote_to_its_voter_or_to_the_next_days_vote(
    scoring: Running, kafka: KafkaSettings
) -> None:
    campaign_id = await opened(scoring)
    with structlog.testing.capture_logs() as logs:
        ids = await two_days_of_votes(scoring, campaign_id)
        all_ids = [*ids[0], *ids[1]]
        documents = {
            one["_id"]: one async for one in scoring.database["votes"].find({"outbox": {"$ne": []}})
        }
        reading = await published(scoring, kafka)
        for name in ("keep-voting-days", "finish-campaigns"):
            await scoring.react(name)
    assert reading.broken == ()
    assert sorted(event.key for event in reading.distinct("scoring.votes")) == sorted(all_ids)

    records = await raw_records(kafka)
    stored = [
        str(await scoring.database[name].find().to_list(None))
        for name in await scoring.database.list_collection_names()
    ]
    for trace in TRACES:
        assert trace not in str(list(documents.values()))
        assert trace not in "".join(stored)
        assert trace not in str(records)
        assert trace not in str(logs)
    assert SUGGESTION not in str(records)
    assert SUGGESTION not in str(logs)
    for vote_id in all_ids:
        assert vote_id not in str([entry for entry in logs if entry["event"] == "http.request"])

    kept = {vote_id: set(leaves(document)) for vote_id, document in documents.items()}
    events = {record[0].decode(): texts_of(record) for record in records}
    assert set(kept) == set(events) == set(all_ids)
    (mine, mine_next), (theirs, theirs_next) = ids
    for texts in (kept, events):
        # What two votes of one person share, any two votes of those two days share; the text of a
        # suggestion is the person's own, and stays inside.
        same_person = texts[mine] & texts[mine_next] - {SUGGESTION, "True"}
        assert same_person == texts[mine] & texts[theirs_next] - {SUGGESTION, "True"}
        assert same_person == texts[theirs] & texts[mine_next] - {SUGGESTION, "True"}


async def test_suggestions_are_read_by_the_office_alone(scoring: Running, diskominfo: Desk) -> None:
    campaign_id = await opened(scoring)
    for number in range(5):
        answer = await vote(voter(scoring, number), campaign_id, suggestion=f"Usul {number}")
        assert answer.status_code == 201
    await vote(voter(scoring, 9), campaign_id)
    path = f"/campaigns/{campaign_id}/suggestions"
    first = (await diskominfo.get(path, limit=3)).json()
    second = (await diskominfo.get(path, limit=3, cursor=first["next_cursor"])).json()
    assert second["next_cursor"] is None
    seen = [one["suggestion"] for one in first["items"] + second["items"]]
    assert sorted(seen) == [f"Usul {number}" for number in range(5)]
    assert "warga" not in str(first)

    refused(await scoring.public.get(path), 401, "unauthenticated")
    refused(await voter(scoring, 1).get(path), 403, "wrong-role")
    refused(await scoring.desk("diskominfo", region="18.72").get(path), 403, "foreign-region")
    public = (await scoring.public.get(f"/campaigns/{campaign_id}/tally")).json()
    assert (public["votes"], public["suggestions"]) == (6, 5)
    assert "Usul" not in str(public)
