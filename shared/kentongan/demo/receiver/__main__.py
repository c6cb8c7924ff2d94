"""`python -m kentongan.demo.receiver`: the receiver apart, where a courier elsewhere reaches it."""

import asyncio
import signal
from typing import Annotated

import typer

from kentongan.demo.receiver.server import serving
from kentongan.local.ports import LOOPBACK
from kentongan.observability.logging import configure_logging


def receiver(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")],
    host: Annotated[str, typer.Option(help="0.0.0.0 in a container.")] = LOOPBACK,
) -> None:
    """Take webhooks of a season that is played against a running system, until told to end."""
    configure_logging("receiver", level="WARNING")
    asyncio.run(_until_told(host, port))


async def _until_told(host: str, port: int) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    async with serving(host=host, port=port):
        typer.echo(f"http://{host}:{port}")
        await told.wait()


if __name__ == "__main__":
    typer.run(receiver)
