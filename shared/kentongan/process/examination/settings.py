"""What the settings alone say: not valid, unknown, doubtful, or made for development."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import SecretStr

from kentongan.process.examination.findings import Finding, doubtful, failing, fine
from kentongan.process.service import ServiceDefinition
from kentongan.process.variables import unknown_to
from kentongan.settings import DEVELOPMENT_SECRET, SHORTEST_SECRET, ServiceSettings
from kentongan.settings.environment import SettingProblem

FEWEST_CHARACTERS = 10
"""A secret made of fewer different ones was typed, not drawn."""


def not_valid(problems: Iterable[SettingProblem]) -> Iterator[Finding]:
    """A row for each; a process with any of them ends at its start."""
    for problem in problems:
        yield failing(
            problem.variable or "settings",
            problem.message,
            "Perbaiki variabel ini; lihat tabel di docs/operations.md.",
            "Correct the variable; docs/operations.md has the table.",
        )


def environment(settings: ServiceSettings) -> Finding:
    """Whether everybody could sign a token."""
    if settings.environment == "production":
        return fine("environment", "production")
    return failing(
        "environment",
        "development: the key that everybody has opens every door",
        "Hapus KENTONGAN_ENVIRONMENT, atau isi production.",
        "Remove KENTONGAN_ENVIRONMENT, or set production.",
    )


def unknown(definition: ServiceDefinition, variables: Mapping[str, str]) -> Iterator[Finding]:
    """Names that nobody reads."""
    for one in unknown_to(definition, variables):
        meant = one.nearest or "?"
        yield doubtful(
            one.name,
            "nobody reads this variable" + (f"; {one.nearest} is meant?" if one.nearest else ""),
            f"Betulkan namanya ({meant}) atau hapus.",
            f"Correct the name ({meant}), or remove it.",
        )


def doubts(settings: ServiceSettings) -> Iterator[Finding]:
    """What the settings themselves call doubtful."""
    for doubt in settings.doubts():
        yield doubtful(doubt.variable, doubt.detail, doubt.remedy_id, doubt.remedy_en)


def secrets(settings: ServiceSettings) -> Iterator[Finding]:
    """Every secret of the service's own."""
    for name in type(settings).model_fields:
        secret = getattr(settings, name)
        if isinstance(secret, SecretStr):
            yield _secret(f"KENTONGAN_{name}".upper(), secret.get_secret_value())


def _secret(variable: str, value: str) -> Finding:
    draw = f"openssl rand -hex {SHORTEST_SECRET}"
    remedy_id = f"Buat yang acak: `{draw}`, di berkas {variable}_FILE."
    remedy_en = f"Draw one: `{draw}`, in a file for {variable}_FILE."
    if value == DEVELOPMENT_SECRET:
        return failing(
            variable, "the development secret, which everybody has", remedy_id, remedy_en
        )
    if len(set(value)) < FEWEST_CHARACTERS:
        return doubtful(variable, "can be guessed: few different characters", remedy_id, remedy_en)
    return fine(variable, f"{len(value)} characters")
