"""What is generated is as it would be generated, the rendered manifests too."""

from deploy.generate import documents, rendered
from deploy.generate.__main__ import FROM_CODE


def test_what_comes_from_the_code() -> None:
    assert documents.stale(documents.from_code(), FROM_CODE) == []


def test_rendered_manifests(helm: object) -> None:
    assert documents.stale(rendered.rendered(), rendered.FOLDERS) == []
