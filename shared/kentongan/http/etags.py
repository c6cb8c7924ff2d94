"""ETags are the aggregate's version, strong; If-Match brings one back."""

import re

from kentongan.http.problems.refusals import PreconditionMalformed

_ONE_STRONG = re.compile(r'"([1-9][0-9]{0,17})"')


def etag(version: int) -> str:
    """The ETag of a version: `"7"`."""
    return f'"{version}"'


def version_of(if_match: str) -> int:
    """The version that If-Match names. Lists, `*` and weak ETags are refused: say which one."""
    found = _ONE_STRONG.fullmatch(if_match.strip())
    if found is None:
        raise PreconditionMalformed
    return int(found[1])
