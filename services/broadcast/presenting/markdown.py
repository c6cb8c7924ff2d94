"""Markdown to HTML that can be shown anywhere: raw HTML is text, and only known tags pass.

Two locks: the renderer never lets HTML through, and what it makes is cleaned again (nh3), which
also says which addresses a link may have. Done when served: stored is what the author wrote, so
that a repaired rule repairs every content.
"""

import asyncio
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

KEPT = 256
"""Bodies whose HTML is remembered; the longest are 20,000 characters."""
_TAGS = {
    *("a", "blockquote", "br", "code", "em", "hr", "img", "li", "ol", "p", "pre", "strong", "ul"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"https", "http", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False})


async def safe_html(body: str) -> str:
    """A body's HTML. In a thread: a hostile body of full length keeps the renderer a second."""
    return await asyncio.to_thread(_rendered, body)


@lru_cache(maxsize=KEPT)
def _rendered(body: str) -> str:
    return nh3.clean(
        _markdown.render(body),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
