"""What is asked of channels over HTTP, and how one is shown."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import CityRegionCode
from kentongan.http import PageQuery, Payload
from kentongan.http.requests.fields import Name
from kentongan.storage.aggregates.store import Stored
from services.broadcast.domain.channels import Channel, ChannelStatus, Wanted
from services.broadcast.domain.contents import ContentKind
from services.broadcast.domain.targets import LONGEST_URL

Target = Annotated[
    str,
    StringConstraints(min_length=8, max_length=LONGEST_URL, pattern=r"^https?://[!-~]+$"),
    Field(examples=["https://kim-gerendeng.example.id/webhook"]),
]


class RegisterChannel(Payload):
    """A webhook to be called with new contents and notices."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Situs web KIM Gerendeng",
                "url": "https://kim-gerendeng.example.id/webhook",
                "kinds": ["information", "clarification"],
            }
        }
    )

    name: Name
    url: Target
    kinds: list[ContentKind] = Field(default_factory=list, max_length=5)
    regions: list[CityRegionCode] = Field(default_factory=list, max_length=50)

    def wanted(self) -> Wanted:
        """The same in the domain's words."""
        return Wanted(
            name=self.name, url=self.url, kinds=tuple(self.kinds), regions=tuple(self.regions)
        )


class ChannelQuery(PageQuery):
    """Filters of a list of channels; without a status all that aren't removed."""

    status: ChannelStatus | SkipJsonSchema[None] = None

    def wanted(self) -> dict[str, Any]:
        """The query's own part."""
        removed = {"$ne": ChannelStatus.REMOVED.value}
        status = self.status.value if self.status is not None else removed
        return {**self.after_id(), "state.status": status}


class ChannelReceipt(BaseModel):
    """What commands on channels are answered with."""

    id: str
    version: int
    status: str
    generation: int


class ChannelSecret(ChannelReceipt):
    """The same with the secret, which is shown here and never again."""

    secret: str = Field(
        description="Simpan sekarang; tidak ditampilkan lagi. / Keep it; it isn't shown again.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )


class ChannelShown(BaseModel):
    """A channel, for its owner and the office; without its secret."""

    id: str
    version: int
    owner_kind: str
    kim_id: str | None
    region_code: str
    name: str
    url: str
    kinds: list[str]
    regions: list[str]
    status: str
    generation: int
    rotated_at: datetime | None
    registered_at: datetime
    activated_at: datetime
    off_at: datetime | None
    off_reason: str | None = Field(description="gone (410) or given-up")


def show_channel(stored: Stored[Channel]) -> ChannelShown:
    """A channel as its owner sees it."""
    state = stored.state
    kept_here = {"channel_id", "owner", "seat", "takes", "rotations"}
    return ChannelShown(
        id=stored.id,
        version=stored.version,
        rotated_at=state.rotations[-1] if state.rotations else None,
        **state.model_dump(exclude=kept_here, mode="json"),
    )
