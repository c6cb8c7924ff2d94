"""Whether a broker serves consumer groups yet, which comes some time after its port opens."""

import asyncio
import logging

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from kentongan.local.polling import wait_until
from kentongan.local.ports import accepts

_FIRST_GROUP = "kentongan.stack"


async def group_coordinator_ready(bootstrap: str, port: int) -> None:
    """Wait until the broker names a group coordinator; the caller sets the deadline."""
    while not await wait_until(lambda: accepts(port), seconds=1):
        pass
    while not await _has_coordinator(bootstrap):  # noqa: ASYNC110 - it lies in another process
        await asyncio.sleep(0.05)


async def _has_coordinator(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    quiet = logging.getLogger("aiokafka")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        await admin.start()
        await admin.find_coordinator(_FIRST_GROUP)
    except (KafkaError, OSError, ValueError):
        return False
    finally:
        await admin.close()
        quiet.setLevel(level)
    return True
