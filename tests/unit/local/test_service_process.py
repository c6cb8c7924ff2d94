import sys
from pathlib import Path

import pytest

from kentongan.local.ports import free_port
from kentongan.local.processes import ProcessEndedEarly
from kentongan.local.service_process import ServiceProcess, ServiceSupervisor

_SERVICE = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def service(name: str, folder: Path, program: str = _SERVICE) -> ServiceProcess:
    port = free_port()
    process = ServiceProcess(
        name, base_url=f"http://127.0.0.1:{port}", log_file=folder / f"{name}.log"
    )
    assert process.command[1:] == ["-m", "kentongan", "serve", name]
    process.command = [sys.executable, "-c", program, str(port)]
    return process


async def test_a_service_that_ends_by_itself_is_noticed_with_its_last_words(
    tmp_path: Path,
) -> None:
    first, second = service("registry", tmp_path), service("placement", tmp_path)
    supervisor = ServiceSupervisor([first, second])
    await supervisor.start(seconds=20)
    try:
        assert await supervisor.unexpected_end(seconds=0) is None
        await first.kill()
        assert await supervisor.unexpected_end(seconds=0) is None, "a kill of ours is no surprise"
        second.send(9)
        ended = await supervisor.unexpected_end(seconds=10)
        assert ended is not None
        assert (ended.name, ended.returncode) == ("placement", -9)
        assert "serving" in ended.log_tail
    finally:
        await supervisor.stop()


async def test_where_one_service_fails_to_start_the_others_are_stopped(tmp_path: Path) -> None:
    sound = service("registry", tmp_path)
    broken = service("placement", tmp_path, "raise SystemExit('no database')")
    with pytest.raises(ProcessEndedEarly, match="no database"):
        await ServiceSupervisor([sound, broken]).start(seconds=20)
    assert not sound.running
