"""A season whose hundreds of persons have accounts in Keycloak, and show its tokens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 900


@pytest.mark.timeout(SECONDS + 1800)
def test_a_quick_season_with_tokens_of_keycloak(system_file: Path) -> None:
    command = [sys.executable, "-m", "kentongan", "demo", "--against", str(system_file), "--quick"]
    surrounding = {k: v for k, v in os.environ.items() if not k.startswith("KENTONGAN_")}
    played = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=system_file.parent,
        env=surrounding,
    )
    said = played.stdout + played.stderr
    print(said)
    assert played.returncode == 0
    assert "Cocok semua" in said
