"""The season as one static page: no network, two languages, charts drawn here by hand."""

from kentongan.demo.page.render import render_page, write_page

__all__ = ["render_page", "write_page"]
