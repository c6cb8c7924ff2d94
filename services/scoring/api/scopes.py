"""Who sees what of a competition that isn't public (yet)."""

from kentongan.http import Caller, Role, WrongRole
from services.scoring.domain.competitions import Competition
from services.scoring.domain.errors import ForeignJudge


def is_office(caller: Caller | None, competition: Competition) -> bool:
    """Whether the caller is the communication office of the competition's region."""
    return (
        caller is not None
        and caller.has(Role.DISKOMINFO)
        and caller.covers(competition.region_code)
    )


def is_judge(caller: Caller | None, competition: Competition) -> bool:
    """Whether the caller judges any of its stages."""
    return caller is not None and caller.has(Role.JUDGE) and caller.judge_id in competition.judges()


def require_insight(caller: Caller | None, competition: Competition) -> None:
    """For the office and the competition's judges. Raises WrongRole."""
    if not is_office(caller, competition) and not is_judge(caller, competition):
        raise WrongRole(roles=[Role.DISKOMINFO.value, Role.JUDGE.value])


def judge_of(caller: Caller) -> str:
    """The judge that the token names. Raises ForeignJudge."""
    if caller.judge_id is None:
        raise ForeignJudge
    return caller.judge_id
