"""After a storm of requests: the service lives, is ready, and met nothing that it didn't expect."""

import httpx

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.running_services import logged


async def assert_unharmed(service: ServiceProcess) -> None:
    """The process runs and answers; its log holds no request that failed on our side."""
    assert service.running, service.log_tail()
    async with httpx.AsyncClient(base_url=service.base_url, trust_env=False) as client:
        ready = await client.get("/health/ready", timeout=10)
    assert ready.status_code == 200, ready.text
    assert logged(service, "http.request"), "nothing was asked: the storm hit nothing"
    assert logged(service, "http.failed") == []
    log = service.log_file.read_text(errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]
