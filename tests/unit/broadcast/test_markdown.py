"""Bodies as HTML: nothing in them runs, whatever their author wrote."""

from html.parser import HTMLParser

import pytest

from services.broadcast.presenting.markdown import safe_html

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '[x](https://a.example.id "onmouseover=alert(1)")',
    '![" onerror="alert(1)](https://a.example.id/x.png)',
    "<https://a.example.id/?<script>alert(1)</script>>",
    "<javascript:alert(1)>",
    '```"onclick=alert(1)\n<b>x</b>\n```',
    "<iframe src=https://a.example.id></iframe>\n\n<style>*{display:none}</style>",
    "<!-- --><script>x</script>",
)


class Elements(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("body", HOSTILE)
async def test_nothing_in_it_runs(body: str) -> None:
    for tag, attributes in Elements(await safe_html(body)).found:
        assert tag in {"p", "a", "img", "pre", "code"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for address in (attributes.get("href"), attributes.get("src")):
            assert address is None or address.startswith("https://")


async def test_what_markdown_is_for_stays() -> None:
    body = "# Judul\n\n1. satu\n2. *dua* **tiga**\n\n> kutipan\n\n[x](https://a.example.id)\n\n---"
    tags = [tag for tag, _ in Elements(await safe_html(body)).found]
    assert tags == ["h1", "ol", "li", "li", "em", "strong", "blockquote", "p", "p", "a", "hr"]
