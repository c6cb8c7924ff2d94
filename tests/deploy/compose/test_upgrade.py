"""From one commit's images to the next, whose events carry a new optional field, and back again."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest

from kentongan.demo.consistency.topics import read_topics
from tests.deploy.compose.city import PROJECT, City
from tests.deploy.compose.conftest import build_images, new_city, running
from tests.deploy.compose.load import judge, open_clerks
from tests.support.verdict import TOPIC

pytestmark = pytest.mark.long
CONTRACT = "shared/kentongan/contracts/registry.py"
BEFORE, FIELD = "    member_count: int = Field(", "motto"
ADDED = (
    f'    {FIELD}: str | None = Field(default=None, description="what the group says of itself")'
)


@pytest.fixture(scope="module")
def city(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city on the images of this commit."""
    with running(new_city(tmp_path_factory.mktemp("upgrade"), images)) as old:
        yield old


@pytest.fixture(scope="module")
def next_tag(images: dict[str, str]) -> str:
    """Images of a commit after this one: all groups' events have one optional field more."""
    tag = f"{images['IMAGE_TAG']}-next"
    build_images(tag, _commit_with_a_field())
    return tag


async def test_an_upgrade_under_load_and_the_way_back_lose_nothing(
    city: City, next_tag: str
) -> None:
    async with open_clerks(city, SystemRandom().randrange(2**31)) as (office, _):
        groups = await office.register(4)
        async with office.working(groups, newcomers=8):
            await _to(city, next_tag)
        await judge(city, office)
        assert FIELD in await _newest(city, groups[0].id)
        async with office.working(groups, newcomers=4):
            await _to(city, city.images["IMAGE_TAG"])
        await judge(city, office)
        await office.rename(groups[0], "Kembali")
        assert FIELD not in await _newest(city, groups[0].id)


async def _to(city: City, tag: str) -> None:
    city.write_env({"IMAGE_TAG": tag})
    prepared = await asyncio.to_thread(city.prepare)
    assert prepared.exit_code == 0, prepared.output
    print(f"to {tag}: {await asyncio.to_thread(city.up):.1f} s")


async def _newest(city: City, group: str) -> dict[str, object]:
    """The data of a group's newest event."""
    events = [one for one in (await read_topics(city.kafka, [TOPIC])).events if one.key == group]
    return max(events, key=lambda one: one.sequence).data


def _commit_with_a_field() -> str:
    """A commit that no branch knows, made beside the work tree."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "registry.py"
        text = _git("show", f"HEAD:{CONTRACT}")
        assert text.count(BEFORE) == 1
        changed.write_text(text.replace(BEFORE, f"{ADDED}\n{BEFORE}"))
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        blob = _git("hash-object", "-w", str(changed)).strip()
        _git("read-tree", "HEAD", **index)
        _git("update-index", "--cacheinfo", f"100644,{blob},{CONTRACT}", **index)
        tree = _git("write-tree", **index).strip()
        return _git("commit-tree", tree, "-p", "HEAD", "-m", f"Add {FIELD}").strip()


def _git(*arguments: str, **environment: str) -> str:
    author = {
        f"GIT_{who}_{what}": "uji@uji.invalid"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", *arguments],
        cwd=PROJECT,
        env={**os.environ, **author, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
