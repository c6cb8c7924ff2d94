"""What is refused before any route sees a request: bodies too large, NUL in the address."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kentongan.http.problems.document import problem_of
from kentongan.http.problems.refusals import BodyTooLarge, NulInAddress, Refusal
from kentongan.http.problems.texts import EDGE_PROBLEMS
from kentongan.http.trace import trace_of

_SCOPE_KEY = "kentongan.body"


def body_of(scope: Scope) -> bytes:
    """The request's body as it was sent, even after a form parser has consumed the stream."""
    body = scope[_SCOPE_KEY]
    return body if isinstance(body, bytes) else b""


class RequestLimits:
    """Reads the whole body first, within the limit, and then hands it on in one piece.

    A declared length over the limit is refused unread. Reading ahead gives one answer whether the
    length was declared or not, and lets a command hash the body of any route, forms included.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._limit = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with a problem, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _refuse_nul(scope)
            body = await self._body(scope, receive)
        except Refusal as refusal:
            response = problem_of(trace_of(scope), refusal, EDGE_PROBLEMS)
            await response(scope, receive, send)
            return
        if body is not None:
            scope[_SCOPE_KEY] = body
            await self._app(scope, _replay(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or None where the client went away while sending it."""
        declared = _declared_length(scope)
        if declared is not None and declared > self._limit:
            raise BodyTooLarge(limit=self._limit)
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._limit:
                raise BodyTooLarge(limit=self._limit)
            if not message.get("more_body", False):
                return bytes(body)


def _refuse_nul(scope: Scope) -> None:
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        raise NulInAddress


def _declared_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once; after that whatever the server has to say (a disconnect)."""
    handed_over = False

    async def replaying() -> Message:
        nonlocal handed_over
        if handed_over:
            return await receive()
        handed_over = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replaying
