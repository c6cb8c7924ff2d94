"""A quota that changes while students enrol: whoever comes second finds the other's word."""

from typing import Any

import pytest

from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.desk import refused

LOWERED = {"quotas": [{"university_id": each, "students": 0} for each in ("budi-luhur", "raharja")]}


def store_of(placement: Running, name: str) -> Any:
    (store,) = [each for each in placement.assembly.stores if each.name == name]
    return store


async def test_an_enrolment_under_way_meets_the_lowered_quota(
    placement: Running, diskominfo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    enrolments = store_of(placement, "enrolments")
    asked = enrolments.load_many

    async def lower_the_quota(ids: Any) -> Any:
        monkeypatch.undo()
        lowered = await diskominfo.put(f"/cohorts/{cohort_id}/quotas", LOWERED, version=1)
        assert lowered.status_code == 200
        return await asked(ids)

    monkeypatch.setattr(enrolments, "load_many", lower_the_quota)
    refused(await diskominfo.enrol(cohort_id, 0), 409, "quota-exceeded")


async def test_a_quota_is_not_lowered_below_one_who_has_just_enrolled(
    placement: Running, diskominfo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    cohorts = store_of(placement, "cohorts")
    change = cohorts.change

    async def enrol_first(*given: Any) -> Any:
        monkeypatch.undo()
        assert (await diskominfo.enrol(cohort_id, 0)).status_code == 201
        return await change(*given)

    monkeypatch.setattr(cohorts, "change", enrol_first)
    answer = await diskominfo.put(f"/cohorts/{cohort_id}/quotas", LOWERED, version=1)
    refused(answer, 409, "quota-below-enrolled")
