"""What a webhook carries, and how it is signed (Standard Webhooks, www.standardwebhooks.com).

The body is the same for all receivers of an edition; id, time and signature are a delivery's own.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook

from kentongan.contracts.broadcast import ContentPublished
from services.broadcast.courier.posting import Header
from services.broadcast.domain.contents import Content

USER_AGENT = b"Kentongan"
FIRST_EDITION = "content.published"
LATER_EDITION = "content.corrected"
NOTICE = "notice.student-assigned"


def content_body(content: Content) -> str:
    """An edition as receivers get it: the content's public state without what comes later."""
    state = ContentPublished.model_validate(content.public_state())
    data = state.model_dump(mode="json", exclude={"reach", "retracted_at", "status"})
    kind = FIRST_EDITION if content.edition == 1 else LATER_EDITION
    return _body(kind, data["corrected_at"] or data["published_at"], data)


def notice_body(notice: dict[str, Any]) -> str:
    """A notice as the group's webhooks get it. The enrolment's id is opaque: it names nobody."""
    named = ("kim_id", "enrolment_id", "cohort_id", "university_id", "university_name")
    data = {name: notice[name] for name in (*named, "period_start", "period_end")}
    return _body(NOTICE, notice["at"].isoformat().replace("+00:00", "Z"), data)


def signed(delivery_id: str, body: str, secrets: Iterable[str], now: datetime) -> list[Header]:
    """The request's headers. Each secret that counts at this moment signs, the newest first.

    `now` is the attempt's time: receivers refuse what is older than five minutes.
    """
    signatures = " ".join(Webhook(secret).sign(delivery_id, now, body) for secret in secrets)
    return [
        (b"content-type", b"application/json"),
        (b"user-agent", USER_AGENT),
        (b"webhook-id", delivery_id.encode()),
        (b"webhook-timestamp", str(int(now.timestamp())).encode()),
        (b"webhook-signature", signatures.encode()),
    ]


def _body(kind: str, timestamp: str, data: dict[str, Any]) -> str:
    document = {"type": kind, "timestamp": timestamp, "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
