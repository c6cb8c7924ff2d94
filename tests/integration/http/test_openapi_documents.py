"""The published documents: an example for every body, and pages that ask nobody else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

from kentongan.process.service import service_names
from kentongan.testing.assemblies import assemble

_LOADED = re.compile(
    r"""(?:src|href)\s*=\s*["']([^"']+)["']|url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)"""
)
_STYLES = (".css",)
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def bodies() -> Iterator[Any]:
    for service in service_names():
        document = assemble(service).application.openapi()
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                content = operation.get("requestBody", {}).get("content", {})
                for media_type, body in content.items():
                    name = f"{service} {method.upper()} {path} {media_type}"
                    yield pytest.param(document, body, id=name)


@pytest.mark.parametrize(("document", "body"), list(bodies()))
def test_each_body_has_an_example_that_its_own_schema_accepts(
    document: dict[str, Any], body: dict[str, Any]
) -> None:
    schema = body["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    example = body.get("example", schema.get("example"))
    assert example is not None

    closed = {"$schema": _DRAFT, **body["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(closed).validate(example)


@pytest.mark.parametrize("service", service_names())
@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_a_documentation_page_and_what_it_loads_name_no_other_host(
    service: str, page: str
) -> None:
    application = assemble(service).application
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://self") as client:
        waiting, seen = [page], set[str]()
        while waiting:
            address = waiting.pop()
            answer = await client.get(address)
            assert answer.status_code == 200, address
            seen.add(address)
            if address == page or address.endswith(_STYLES):
                found = {part for match in _LOADED.findall(answer.text) for part in match if part}
                foreign = {one for one in found if re.match(r"(?:[a-z]+:)?//", one)}
                assert foreign == set(), address
                waiting += [one for one in found - seen if one.startswith("/")]
            if address == page:
                policy = answer.headers["Content-Security-Policy"]
                assert "http:" not in policy
                assert "https:" not in policy
    assert any(address.endswith(".js") for address in seen)


@pytest.mark.parametrize("service", service_names())
def test_the_document_refers_to_nothing_outside_itself(service: str) -> None:
    text = json.dumps(assemble(service).application.openapi())
    references = set(re.findall(r'"\$ref": "([^"]+)"', text))
    assert references
    assert {one for one in references if not one.startswith("#/")} == set()
    assert "servers" not in json.loads(text)
