"""Imports that meet on the same seats: each is answered with a report of what it has written."""

from typing import Any

import pytest

from kentongan.storage.errors import DuplicateValue
from services.placement.stores import SEAT
from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk

HEADER = "nomor_mahasiswa;nama;universitas;program_studi\r\n"


def file(first: int, students: int) -> bytes:
    numbers = range(first, first + students)
    return (HEADER + "".join(f"22{each:08};A;Raharja;Gizi\r\n" for each in numbers)).encode()


def store_of(placement: Running, name: str) -> Any:
    (store,) = [each for each in placement.assembly.stores if each.name == name]
    return store


async def test_an_import_goes_on_while_each_round_seats_somebody(
    placement: Running,
    second_placement: Running,
    diskominfo: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=80)
    rival = second_placement.desk("diskominfo")
    enrolments = store_of(placement, "enrolments")
    asked = enrolments.aggregate
    lines = 10
    rivals: list[int] = []

    async def lose_all_seats_but_one(pipeline: Any) -> Any:
        taken = await asked(pipeline)
        students = lines - 1 - len(rivals)
        rivals.append(students)
        sent = await rival.upload(cohort_id, file(1000 * len(rivals), students))
        assert sent.json()["accepted"] == students
        return taken

    monkeypatch.setattr(enrolments, "aggregate", lose_all_seats_but_one)
    report = (await diskominfo.upload(cohort_id, file(0, lines))).json()
    assert (report["accepted"], report["rejected"]) == (lines, [])
    assert len(rivals) == lines
    seats = await placement.database["enrolments"].distinct("state.seat")
    assert seats == list(range(1, sum(rivals) + lines + 1))


async def test_whoever_finds_no_seat_in_the_crowd_is_told_so_beside_the_others(
    placement: Running, diskominfo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    enrolments = store_of(placement, "enrolments")
    create = enrolments.create

    async def lose_every_seat_but_two(enrolment_id: str, decision: Any, *rest: Any) -> Any:
        if decision.state.seat > 2:
            raise DuplicateValue(SEAT.name, ("state.seat",))
        return await create(enrolment_id, decision, *rest)

    monkeypatch.setattr(enrolments, "create", lose_every_seat_but_two)
    report = (await diskominfo.upload(cohort_id, file(0, 3))).json()
    assert report["accepted"] == 2
    (left,) = report["rejected"]
    assert (left["line"], left["rule"], left["field"]) == (4, "too-many-conflicts", None)

    monkeypatch.undo()
    report = (await diskominfo.upload(cohort_id, file(0, 3))).json()
    assert (report["accepted"], report["repeated"], report["rejected"]) == (1, 2, [])
