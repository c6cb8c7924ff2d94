"""Refuses, by its name, what is wrong in `.env`, before anything starts.

    check.py              the file itself: unknown, missing and malformed names (any Python)
    check.py SERVICE      in the service's image: also its settings, as it would read them

Known is what `.env.example` lists.
"""

import ipaddress
import re
import sys
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")
REQUIRED = ("KENTONGAN_CITY",)
COMPOSE_ITSELF = ("COMPOSE_", "DOCKER_")
"""Names of the tool's own, which may stand in `.env` as well."""


def is_address(value: str) -> bool:
    """Whether it is an IP address, on which the host listens."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def like(pattern: str) -> Callable[[str], bool]:
    """A test that the whole value looks so."""
    return lambda value: re.fullmatch(pattern, value) is not None


SHAPES: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    (r"EDGE_PORT", lambda value: value.isdigit() and 0 < int(value) < 65536, "1 … 65535"),
    (r"EDGE_ADDRESS", is_address, "127.0.0.1"),
    (r"EDGE_(RATE|BURST|CONNECTIONS)", like(r"[1-9]\d{0,5}"), "50"),
    (r"(.+_MEMORY|KAFKA_HEAP|LOG_SIZE|EDGE_BODY)", like(r"[1-9]\d*[kmg]"), "512m"),
    (r"MONGO_CACHE_GB", like(r"\d+(\.\d+)?"), "0.5"),
    (r"IMAGE_TAG", like(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"), "0.1.0"),
    (r"IMAGE_.+", like(r"[a-z0-9][A-Za-z0-9._:/@-]*"), "apache/kafka:4.3.1"),
    (r"IDENTITY_URL", like(r"https?://[^\s/]+(/[^\s]*)?"), "https://kim.kota.go.id"),
    (r"PULL_POLICY", like("missing|always|never"), "missing, always, never"),
    (r"CITY_PROJECT", like(r"[a-z0-9][a-z0-9_-]*"), "kentongan"),
    (r"KAFKA_CLUSTER_ID", like(r"[A-Za-z0-9_-]{22}"), "5L6g3nShT-eMCtK--X86sw"),
    (r".+_ADDRESS", is_address, "127.0.0.1"),
    (r".+_PORT", lambda value: value.isdigit() and 0 < int(value) < 65536, "1 … 65535"),
)


def known_names() -> list[str]:
    """Every variable that `.env.example` shows, set or as a default."""
    text = (FOLDER / ".env.example").read_text(encoding="utf-8")
    return re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, flags=re.MULTILINE)


def problems_of(text: str) -> Iterator[str]:
    """One line for each thing that is wrong in the file."""
    known, seen = known_names(), set()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = LINE.match(line)
        if found is None:
            yield f"baris/line {number}: bukan NAMA=nilai / is not NAME=value"
            continue
        name, value = found[1], found[2].strip().strip("\"'")
        if name in seen:
            yield f"{name}: tertulis dua kali / is there twice"
        seen.add(name)
        yield from _problems_of_one(name, value, known)
    for name in REQUIRED:
        if name not in seen:
            yield f"{name}: belum diisi / is missing"


def _problems_of_one(name: str, value: str, known: list[str]) -> Iterator[str]:
    if name not in known:
        if not name.startswith(COMPOSE_ITSELF):
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            hint = f"; mungkin/perhaps {near[0]}?" if near else ""
            yield f"{name}: nama tidak dikenal / is no known name{hint}"
        return
    if not value:
        if name in REQUIRED:
            yield f"{name}: belum diisi / is empty"
        return
    for pattern, fits, example in SHAPES:
        if re.fullmatch(pattern, name):
            if not fits(value):
                yield f"{name}: {value!r} tidak sah / is not valid; contoh/example: {example}"
            return


def main() -> None:
    """Exit code 2 with every problem; then the service's own settings, where one is named."""
    file = FOLDER / ".env"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except PermissionError:
        sys.exit(
            ".env: tidak terbaca oleh kontainer / is not readable to the containers: chmod 644 .env"
        )
    problems = list(problems_of(text))
    if problems:
        print("Berkas .env tidak sah / the file .env is not valid:", file=sys.stderr)
        print("\n".join(f"  {problem}" for problem in problems), file=sys.stderr)
        sys.exit(2)
    for service in sys.argv[1:]:
        check_settings(service)


def check_settings(service: str) -> None:
    """Read the service's settings as its processes do; it ends with the names that are wrong."""
    from kentongan.cli.settings import read_settings  # noqa: PLC0415 - only in a service's image
    from kentongan.process.service import find_service  # noqa: PLC0415

    read_settings(find_service(service).settings)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as ended:
        # The command line's own way to end; what is wrong was said.
        sys.exit(getattr(ended, "exit_code", 1))
