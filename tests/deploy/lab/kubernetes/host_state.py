"""What a node changes on its host, noted before and put back after."""

import contextlib
import shlex
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SETTINGS = (
    "kernel.panic",
    "kernel.panic_on_oops",
    "vm.overcommit_memory",
    "vm.panic_on_oom",
    "net.ipv4.ip_forward",
    "net.ipv4.conf.all.route_localnet",
)
TABLES = ("filter", "nat", "mangle")
OWN_CHAINS = ("KUBE-", "CNI-")


@dataclass
class HostState:
    """The kernel's settings and the rules of a host, as they were."""

    settings: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)

    def note(self) -> None:
        """Remember how things are."""
        for name in SETTINGS:
            self.settings[name] = _setting(name).read_text().strip()
        for table in TABLES:
            self.rules[table] = rules_of(table)

    def restore(self) -> None:
        """Put back the settings, and delete what was added: rules first, then their chains."""
        for name, value in self.settings.items():
            if _setting(name).read_text().strip() != value:
                _setting(name).write_text(value)
        for table in self.rules:
            for rule in self.added(table):
                if rule.startswith("-A "):
                    run("iptables", "-w", "-t", table, "-D", *_words(rule)[1:])
            chains = [_words(rule)[1] for rule in self.added(table) if rule.startswith("-N ")]
            for verb in ("-F", "-X"):
                for chain in chains:
                    run("iptables", "-w", "-t", table, verb, chain)

    def current(self, name: str) -> str:
        """A setting as it is now."""
        return _setting(name).read_text().strip()

    def added(self, table: str) -> list[str]:
        """Rules and chains that a node makes and that were not there before."""
        return [
            rule
            for rule in rules_of(table)
            if rule not in self.rules[table] and any(mark in rule for mark in OWN_CHAINS)
        ]


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no second interrupt leave a host half put back; every step in here has its own bound."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def rules_of(table: str) -> list[str]:
    """All chains and rules of a table."""
    return run("iptables", "-w", "-t", table, "-S").splitlines()


def mounts_below(folder: Path) -> list[str]:
    """Mount points in a folder, the innermost first."""
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    return sorted((one for one in points if one.startswith(f"{folder}/")), reverse=True)


def links_of(bridge: str) -> list[str]:
    """The host's ends of what hangs on a bridge."""
    return [link.name for link in Path(f"/sys/class/net/{bridge}/brif").glob("*")]


def run(*command: str) -> str:
    """Run a command of the host's; what it says goes nowhere, whether it succeeds neither."""
    with contextlib.suppress(FileNotFoundError):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout
    return ""


def _setting(name: str) -> Path:
    return Path("/proc/sys") / name.replace(".", "/")


def _words(rule: str) -> list[str]:
    return shlex.split(rule)
