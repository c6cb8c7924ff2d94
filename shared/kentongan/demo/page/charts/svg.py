"""SVG as text: elements, bilingual labels, and the few shapes that the charts share."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from kentongan.demo.summary import Text

Value = str | int | float
TOPIC_KINDS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
"""A colour for each topic, in the order of the catalogue."""
SERIES = ("first", "second", "third", "fourth", "fifth")
"""Colours of things that are compared side by side."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the drawing."""

    x: float
    y: float
    width: float
    height: float


def element(tag: str, *children: str, **attributes: Value | None) -> Markup:
    """An element; `class_` and `stroke_width` become `class` and `stroke-width`."""
    named = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _plain(value))
        for name, value in attributes.items()
        if value is not None
    )
    if not children:
        return Markup("<{}{}/>").format(tag, named)
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, named, inside)


def drawing(width: float, height: float, children: Iterable[str], *, labelled_by: str) -> Markup:
    """A whole drawing that scales with its place; `labelled_by` is the id of its caption."""
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_labelledby=labelled_by,
        style=f"max-width:{_plain(width * 1.25)}px",
    )


def text(x: float, y: float, words: Text | str, *, kind: str = "", anchor: str = "start") -> Markup:
    """A label: `words` in both languages one upon the other (the page shows one), or the same."""
    if isinstance(words, str):
        return element("text", words, x=x, y=y, class_=kind or None, text_anchor=anchor)
    return Markup("").join(
        element(
            "text",
            word,
            x=x,
            y=y,
            class_=f"{kind} {language}".strip(),
            lang=language,
            text_anchor=anchor,
        )
        for language, word in (("id", words.id), ("en", words.en))
    )


def bar(box: Box, kind: str, tip: Text | str | None = None, *, radius: float = 2) -> Markup:
    """A rectangle, with a tip for pointers where given."""
    shape = {"x": box.x, "y": box.y, "width": max(0.0, box.width), "height": max(0.0, box.height)}
    if tip is None:
        return element("rect", class_=kind, rx=radius, **shape)
    return element("rect", title(tip), class_=kind, rx=radius, **shape)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def title(words: Text | str) -> Markup:
    """What a pointer shows on resting; browsers show one title only, so it holds both languages."""
    both = words if isinstance(words, str) else f"{words.id} / {words.en}"
    return element("title", both)


def nice_step(highest: float, steps: int = 4) -> float:
    """A round distance (1, 2, 5 times a power of ten) between grid lines up to `highest`."""
    rough = max(highest, 1e-9) / steps
    power = 10.0 ** _floor_log10(rough)
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def _floor_log10(value: float) -> int:
    exponent = 0
    while value >= 10:
        value, exponent = value / 10, exponent + 1
    while value < 1:
        value, exponent = value * 10, exponent - 1
    return exponent


def _plain(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
