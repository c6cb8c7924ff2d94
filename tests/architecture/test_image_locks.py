"""What a service's image installs is what was tested: the versions of `runtime.txt`, no others."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
SERVICES = ("registry", "placement", "broadcast", "scoring")


def pins(name: str) -> dict[str, str]:
    """Each distribution with its version, marker and hashes, as the lock writes them."""
    text = (REQUIREMENTS / name).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    return {
        block.split("==")[0]: "\n".join(
            line for line in block.splitlines() if not line.strip().startswith("#")
        )
        for block in blocks
        if "==" in block
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_lock_is_a_part_of_the_runtime(service: str) -> None:
    runtime, own = pins("runtime.txt"), pins(f"{service}.txt")
    assert own
    strangers = {name for name, pin in own.items() if _version(pin) != _version(runtime.get(name))}
    assert strangers == set()
    assert all("--hash=sha256:" in pin for pin in own.values())


def test_together_they_are_the_runtime() -> None:
    together = set().union(*(pins(f"{service}.txt") for service in SERVICES))
    assert together == set(pins("runtime.txt"))


@pytest.mark.parametrize("service", ["registry", "broadcast", "scoring"])
def test_the_solver_is_placements_alone(service: str) -> None:
    assert not {"ortools", "pandas", "numpy", "absl-py"} & set(pins(f"{service}.txt"))
    assert "ortools" in pins("placement.txt")


def _version(pin: str | None) -> str | None:
    found = re.search(r"==([^ ;\\]+)", pin or "")
    return found[1] if found else None
