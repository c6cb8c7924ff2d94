"""What receivers get, held against the library of Standard Webhooks."""

import json
from datetime import UTC, date, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from kentongan.domain.clock import utc_now
from services.broadcast.courier.webhooks import content_body, notice_body, signed
from services.broadcast.domain.assignments import Assignment
from services.broadcast.domain.audiences import Audience
from services.broadcast.domain.contents import Author, Content, ContentKind, ContentStatus
from services.broadcast.domain.editions import Link, Writing
from services.broadcast.domain.notices import notice
from services.broadcast.domain.secrets import SigningSecrets

SECRETS = SigningSecrets("a secret of the service, 32 signs")
PUBLISHED = datetime(2026, 10, 5, 2, tzinfo=UTC)
CONTENT = Content(
    content_id="content-1",
    kind=ContentKind.INFORMATION,
    author=Author.CITY,
    kim_id=None,
    region_code="36.71",
    status=ContentStatus.PUBLISHED,
    writing=Writing(
        title="Jadwal imunisasi – gratis",
        summary="Semua posyandu.",
        body="Sabtu **pagi**.",
        links=(Link(title="Jadwal", url="https://example.id/j"),),
    ),
    audience=Audience(regions=("36.71.07",)),
    edition=1,
    published_at=PUBLISHED,
    updated_at=PUBLISHED,
    retraction_reason="an office's remark",
)


def headers(body: str, *secrets: str, delivery_id: str = "c:1:k:w") -> dict[str, str]:
    made = signed(delivery_id, body, secrets, utc_now())
    return {name.decode(): value.decode() for name, value in made}


def test_a_body_is_the_content_as_the_public_knows_it() -> None:
    body = json.loads(content_body(CONTENT))
    assert body["type"] == "content.published"
    assert body["timestamp"] == "2026-10-05T02:00:00Z"
    assert body["data"]["title"] == "Jadwal imunisasi – gratis"
    assert body["data"]["links"] == [{"title": "Jadwal", "url": "https://example.id/j"}]
    assert body["data"]["audience"]["regions"] == ["36.71.07"]
    assert body["data"].keys().isdisjoint({"reach", "retracted_at", "planning"})
    assert "remark" not in content_body(CONTENT)


def test_a_later_edition_is_a_correction() -> None:
    corrected = CONTENT.model_copy(
        update={"edition": 2, "corrected_at": datetime(2026, 10, 5, 4, tzinfo=UTC)}
    )
    body = json.loads(content_body(corrected))
    assert (body["type"], body["timestamp"]) == ("content.corrected", "2026-10-05T04:00:00Z")


def test_a_notice_names_no_person() -> None:
    assigned = Assignment(
        enrolment_id="9f3b",
        cohort_id="cohort-1",
        university_id="budi-luhur",
        university_name="Universitas Budi Luhur",
        kim_id="kim-1",
        region_code="36.71.07.1013",
        status="assigned",
        period_start=date(2026, 9, 25),
        period_end=date(2026, 11, 25),
        assigned_at=PUBLISHED,
    )
    body = json.loads(notice_body(notice(assigned, 3, PUBLISHED)))
    assert body["type"] == "notice.student-assigned"
    assert body["data"] == {
        "kim_id": "kim-1",
        "enrolment_id": "9f3b",
        "cohort_id": "cohort-1",
        "university_id": "budi-luhur",
        "university_name": "Universitas Budi Luhur",
        "period_start": "2026-09-25",
        "period_end": "2026-11-25",
    }


def test_the_library_verifies_what_we_sign() -> None:
    body, secret = content_body(CONTENT), SECRETS.of("w", 1)
    assert Webhook(secret).verify(body.encode(), headers(body, secret)) == json.loads(body)


def test_during_a_rotation_either_secret_verifies() -> None:
    body, old, new = content_body(CONTENT), SECRETS.of("w", 1), SECRETS.of("w", 2)
    for secret in (old, new):
        Webhook(secret).verify(body.encode(), headers(body, new, old))


def test_another_secret_body_or_id_is_refused() -> None:
    body, secret = content_body(CONTENT), SECRETS.of("w", 1)
    sent = headers(body, secret)
    for webhook, text, changed in (
        (Webhook(SECRETS.of("v", 1)), body, sent),
        (Webhook(secret), body.replace("pagi", "sore"), sent),
        (Webhook(secret), body, sent | {"webhook-id": "c:1:k:v"}),
    ):
        with pytest.raises(WebhookVerificationError):
            webhook.verify(text.encode(), changed)
