"""A small service, `posts`, with a store in memory: enough to meet every promise of the edge."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from kentongan.domain import CommandContext, DomainError
from kentongan.http import (
    Caller,
    Commanding,
    NotKnownYet,
    Page,
    PageQuery,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    public,
    reading,
    shown,
)
from kentongan.storage.errors import (
    AggregateExists,
    AggregateNotFound,
    IdempotencyKeyReused,
    VersionConflict,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PREFIX = "/v1/posts"


class Kind(StrEnum):
    POS = "pos"
    BALAI = "balai"


class Keeper(Payload):
    name: Annotated[str, Field(min_length=1, max_length=20)]
    since: date


class OpenPost(Payload):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$", examples=["pos-1"])]
    region_code: Annotated[str, Field(max_length=13, examples=["36.71.01.1001"])]
    kind: Kind
    seats: Annotated[int, Field(ge=1, le=30)]
    heated: bool = False
    keepers: Annotated[list[Keeper], Field(default_factory=list, max_length=3)]


class SeatsTaken(DomainError):
    """The post is full."""

    rule = "seats-taken"


class Unworded(DomainError):
    """Forgotten in the table."""

    rule = "unworded"


class PostShown(BaseModel):
    id: str
    region_code: str
    kind: Kind
    seats: int
    heated: bool
    keepers: list[Any]


class PostQuery(PageQuery):
    kind: Kind | None = None


@dataclass(frozen=True)
class Outcome:
    status: int
    answer: dict[str, Any]
    version: int
    replayed: bool = False


@dataclass
class Store:
    posts: dict[str, tuple[int, OpenPost]] = field(default_factory=dict)
    keys: dict[str, tuple[str, Outcome]] = field(default_factory=dict)
    contexts: list[CommandContext] = field(default_factory=list)
    failure: Exception | None = None

    def load(self, post_id: str) -> tuple[int, OpenPost]:
        if self.failure is not None:
            raise self.failure
        if post_id not in self.posts:
            raise AggregateNotFound(post_id)
        return self.posts[post_id]

    def write(self, post: OpenPost, context: CommandContext, status: int) -> Outcome:
        self.contexts.append(context)
        if self.failure is not None:
            raise self.failure
        key = context.idempotency
        if key is not None and key.scoped in self.keys:
            payload_hash, outcome = self.keys[key.scoped]
            if payload_hash != key.payload_hash:
                raise IdempotencyKeyReused
            return replace(outcome, replayed=True)
        version = self.posts[post.id][0] if post.id in self.posts else 0
        if status == 201 and version:
            raise AggregateExists(post.id)
        expected = context.expected_version
        if expected is not None and expected != version:
            raise VersionConflict(expected, version)
        self.posts[post.id] = (version + 1, post)
        outcome = Outcome(status, {"id": post.id, "version": version + 1}, version + 1)
        if key is not None:
            self.keys[key.scoped] = (key.payload_hash, outcome)
        return outcome


def posts_router(store: Store) -> APIRouter:
    router = APIRouter(prefix="/posts", tags=["posts"])
    opens = commanding("post.open", Role.DISKOMINFO, Role.VILLAGE)
    edits = commanding("post.edit", Role.DISKOMINFO, overwrites=True)
    closes = commanding("post.close", Role.DISKOMINFO)
    PostId = Annotated[str, Path(max_length=40)]  # noqa: N806

    @router.post("", status_code=201, responses=documented(401, 403, 409))
    async def open_post(
        body: OpenPost, command: Annotated[Commanding, Depends(opens)]
    ) -> JSONResponse:
        command.caller.require_region(body.region_code)
        outcome = store.write(body, command.context, 201)
        return answer(outcome, location=f"{PREFIX}/{body.id}")

    @router.put("/{post_id}", responses=documented(401, 403, 404, 409, 412, 428))
    async def edit_post(
        post_id: PostId, body: OpenPost, command: Annotated[Commanding, Depends(edits)]
    ) -> JSONResponse:
        store.load(post_id)
        return answer(store.write(body, command.context, 200))

    @router.post("/{post_id}/closing")
    async def close_post(
        post_id: PostId, command: Annotated[Commanding, Depends(closes)]
    ) -> JSONResponse:
        _, post = store.load(post_id)
        if post.seats == 13:
            raise SeatsTaken(field="/seats", seats=post.seats, names=["Melati", "Mawar"])
        if post.seats == 14:
            raise Unworded
        if post.seats == 15:
            raise RuntimeError(f"secret of {post_id}")
        if post.seats == 16:
            raise NotKnownYet(kind="KIM", id="k-1")
        return answer(store.write(post, command.context, 200))

    @router.post("/import")
    async def import_posts(
        file: UploadFile, command: Annotated[Commanding, Depends(opens)]
    ) -> dict[str, Any]:
        key = command.context.idempotency
        return {"bytes": len(await file.read()), "hash": key and key.payload_hash}

    @router.get("", response_model=Page[PostShown])
    async def list_posts(
        query: Annotated[PostQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
    ) -> Page[PostShown]:
        after = query.after(str)
        found = sorted(
            (post for _, post in store.posts.values() if after is None or post.id > str(after[0])),
            key=lambda post: post.id,
        )
        matching = [post for post in found if query.kind in {None, post.kind}]
        return query.page(
            matching[: query.fetch],
            lambda post: PostShown.model_validate(post.model_dump()),
            lambda post: (post.id,),
        )

    @router.get("/{post_id}", response_model=PostShown)
    async def show_post(
        post_id: PostId, caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))]
    ) -> JSONResponse:
        version, post = store.load(post_id)
        caller.require_region(post.region_code)
        return shown(post, version)

    return router
