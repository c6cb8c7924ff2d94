"""Redriving dead letters: the original bytes through today's code, straight into the read models.

Nothing goes back into a topic, so no other reader sees an event twice. Wrong data is corrected by a
new event from its producer.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from kentongan.messaging.kafka.turns import Interrupted, Turns
from kentongan.messaging.read_models.applying import Applying
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.poison import Poison
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.storage.dead_letters import DeadLetter, DeadLetters, LetterStatus
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageUnavailable

_log = structlog.get_logger(__name__)
_PAGE = 1_000


@dataclass(slots=True)
class RedriveReport:
    """Ids of the letters: applied; still poison, with the reason; of a type not subscribed to."""

    applied: list[str] = field(default_factory=list)
    still_poison: list[tuple[str, str]] = field(default_factory=list)
    not_subscribed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Redrive:
    """Redrives the dead letters of one service, whose consumer may be running."""

    def __init__(self, *, subscriptions: Subscriptions, database: Database) -> None:
        self._read_models = bind(subscriptions, database)
        self._dead_letters = DeadLetters(database)

    async def some(self, letter_ids: Iterable[str]) -> RedriveReport:
        """Redrive these. Raises StorageUnavailable; safe to repeat."""
        report = RedriveReport()
        for letter_id in letter_ids:
            letter = await self._dead_letters.get(letter_id)
            if letter is None:
                report.unknown.append(letter_id)
            else:
                await self._one(letter, report)
        return report

    async def all_waiting(self) -> RedriveReport:
        """Redrive all that wait. Raises StorageUnavailable; safe to repeat."""
        report = RedriveReport()
        async for letter_id in self._waiting_ids():
            letter = await self._dead_letters.get(letter_id)
            if letter is not None and letter.status is LetterStatus.WAITING:
                await self._one(letter, report)
        return report

    async def _waiting_ids(self) -> AsyncIterator[str]:
        page = await self._dead_letters.headings(limit=_PAGE)
        while page:
            for heading in page:
                yield heading.id
            page = await self._dead_letters.headings(after=page[-1], limit=_PAGE)

    async def _one(self, letter: DeadLetter, report: RedriveReport) -> None:
        refused: list[Poison] = []

        async def note(poison: Sequence[Poison]) -> None:
            refused.extend(poison)

        applying = Applying(read_models=self._read_models, set_aside=note, turns=Turns())
        # A letter has all that decoding needs of a record: key, value, headers and its place.
        try:
            await applying.apply([letter])
        except Interrupted as given_up:
            raise StorageUnavailable("given up after a minute") from given_up
        if refused:
            await self._dead_letters.mark(
                letter.id,
                LetterStatus.WAITING,
                reason=str(refused[0].reason),
                detail=refused[0].detail,
            )
            report.still_poison.append((letter.id, str(refused[0].reason)))
        elif applying.take_tally().skipped:
            report.not_subscribed.append(letter.id)
        else:
            await self._dead_letters.mark(letter.id, LetterStatus.REDRIVEN)
            report.applied.append(letter.id)
            _log.info("dead_letter.redriven", letter=letter.id)
