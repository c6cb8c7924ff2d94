"""Documentation pages that need no network: scripts and styles come from this process."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

_STATIC = Path(fastapi_offline.__file__).parent / "static"
_ADDRESS = "/docs-static"
_OPENAPI = "/openapi.json"
_NOTHING_FROM_OUTSIDE = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:"
    )
}


def install_documentation(app: FastAPI) -> None:
    """`/docs` (Swagger UI, to try requests) and `/redoc` (to read)."""
    app.mount(_ADDRESS, StaticFiles(directory=_STATIC), name="docs-static")

    @app.get("/docs", include_in_schema=False)
    async def swagger() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=_OPENAPI,
            title=app.title,
            swagger_js_url=f"{_ADDRESS}/swagger-ui-bundle.js",
            swagger_css_url=f"{_ADDRESS}/swagger-ui.css",
            swagger_favicon_url=f"{_ADDRESS}/favicon.png",
        )
        page.headers.update(_NOTHING_FROM_OUTSIDE)
        return page

    @app.get("/redoc", include_in_schema=False)
    async def redoc() -> HTMLResponse:
        page = get_redoc_html(
            openapi_url=_OPENAPI,
            title=app.title,
            redoc_js_url=f"{_ADDRESS}/redoc.standalone.js",
            redoc_favicon_url=f"{_ADDRESS}/favicon.png",
            with_google_fonts=False,
        )
        page.headers.update(_NOTHING_FROM_OUTSIDE)
        return page
