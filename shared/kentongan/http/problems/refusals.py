"""What the edge itself refuses, beside any rule of a service. Worded in `problem_texts`."""

from typing import ClassVar

from kentongan.domain.errors import DomainError


class Refusal(DomainError):
    """Base of the edge's own refusals. `header` or `parameter` names what is at fault, if any."""

    header: ClassVar[str | None] = None
    parameter: ClassVar[str | None] = None


class Unauthenticated(Refusal):
    """No bearer token where one is needed."""

    rule = "unauthenticated"
    header = "Authorization"


class InvalidToken(Refusal):
    """A token that can't be trusted. `reason` is a word for developers, never the token itself."""

    rule = "invalid-token"
    header = "Authorization"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class KeysUnavailable(Refusal):
    """The key set of the identity provider can't be read, and none is remembered."""

    rule = "keys-unavailable"
    retry_after = 5


class WrongRole(Refusal):
    """The caller has none of the roles that the route is for."""

    rule = "wrong-role"


class ForeignRegion(Refusal):
    """The region concerned lies outside the caller's."""

    rule = "foreign-region"


class NotOwn(Refusal):
    """The caller may only touch what is their own (group, university, …); this is another's.

    Facts: kind and kind_en, what it is in Indonesian and English.
    """

    rule = "not-own"

    def __init__(self, kind: str, kind_en: str | None = None) -> None:
        """`kind_en` is left out where the word is the same."""
        super().__init__(kind=kind, kind_en=kind_en or kind)


class PreconditionMissing(Refusal):
    """An edit that overwrites came without If-Match."""

    rule = "precondition-missing"
    header = "If-Match"


class PreconditionMalformed(Refusal):
    """If-Match is not exactly one strong ETag of ours."""

    rule = "precondition-malformed"
    header = "If-Match"


class IdempotencyKeyMalformed(Refusal):
    """The Idempotency-Key is empty, too long, repeated, or not visible ASCII."""

    rule = "idempotency-key-malformed"
    header = "Idempotency-Key"


class InvalidCursor(Refusal):
    """The cursor wasn't made by this query."""

    rule = "invalid-cursor"
    parameter = "cursor"


class MalformedJson(Refusal):
    """The body isn't JSON in UTF-8. Fact `position` where the parser knows it."""

    rule = "malformed-json"


class NulInAddress(Refusal):
    """The path or the query string holds a NUL character."""

    rule = "nul-in-address"


class BodyTooLarge(Refusal):
    """The body exceeds `limit` bytes."""

    rule = "body-too-large"


class UnsupportedMediaType(Refusal):
    """The body isn't of a media type that the route reads."""

    rule = "unsupported-media-type"
    header = "Content-Type"
