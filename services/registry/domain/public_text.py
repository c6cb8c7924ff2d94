"""What may stand in public: a group's own texts and pages, nothing that leads to a person.

Public texts travel in events that are kept for good, so that a number let in here is never got
out again (UU 27/2022).
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from services.registry.domain.errors import LinkNotPublic, PersonalDataInPublicText
from services.registry.domain.kim import Link

_EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+")
_MOBILE = re.compile(r"(?<!\d)(?:\+?62|0)8\d{7,11}(?!\d)")
_CITIZEN_NUMBER = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:0[1-9]|[1256]\d|3[01]|4[1-9]|7[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)"
)
_SEPARATORS_IN_NUMBERS = re.compile(r"(?<=\d)[\s.\-]+(?=\d)")
_PERSONAL_HOSTS = ("wa.me", "whatsapp.com", "m.me")


def refuse_personal_data(text: str, *, field: str, grouped_digits: bool = False) -> None:
    """Raise PersonalDataInPublicText for a mobile number, an e-mail address or a citizen number.

    `grouped_digits` reads 0812-3456-7890 as one number: right for a name, wrong for the number of a
    decree or an address, where dates and groups of digits are common.
    """
    digits = _SEPARATORS_IN_NUMBERS.sub("", text) if grouped_digits else text
    if _EMAIL.search(text) or _MOBILE.search(digits) or _CITIZEN_NUMBER.search(digits):
        raise PersonalDataInPublicText(field=field)


def refuse_personal_links(links: Iterable[Link]) -> None:
    """Raise LinkNotPublic for a chat with a person or credentials in the address."""
    for place, link in enumerate(links):
        field = f"/links/{place}/url"
        if not _is_public_page(link.url):
            raise LinkNotPublic(field=field, kind=link.kind)
        refuse_personal_data(unquote(link.url), field=field)


def _is_public_page(url: str) -> bool:
    try:
        address = urlsplit(url)
        host = (address.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    chat = any(host == known or host.endswith(f".{known}") for known in _PERSONAL_HOSTS)
    is_page = address.scheme in {"http", "https"} and host != ""
    return is_page and not chat and "@" not in address.netloc
