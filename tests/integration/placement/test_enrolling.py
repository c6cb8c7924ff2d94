"""Enrolling over HTTP: files with bad lines, quotas under a race, retries."""

import asyncio

from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.desk import refused

FILE = (
    "nomor_mahasiswa;nama;universitas;program_studi\r\n"
    "2210114001;André Rahasia;Univ. Budi Luhur;Gizi\r\n"
    "2210114002;Nama Rahasia;RAHARJA;Manajemen\r\n"
    "2210114002;Nama Rahasia;Raharja;Manajemen\r\n"
    ";=CMD();Universitas Antah;Gizi\r\n"
    "2210114003;Nama Rahasia;Raharja;Manajemen\r\n"
    "2,2E+09;Nama Rahasia;Raharja;Manajemen\r\n"
).encode("utf-8-sig")


async def test_good_lines_are_kept_and_a_repeat_is_harmless(
    placement: Running, diskominfo: Desk
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=1)
    report = (await diskominfo.upload(cohort_id, FILE)).json()
    assert (report["accepted"], report["repeated"], report["rejected_count"]) == (2, 0, 4)
    assert {each["line"]: each["rule"] for each in report["rejected"]} == {
        4: "duplicate-line",
        5: "field-missing",
        6: "quota-exceeded",
        7: "student-number-rounded",
    }
    again = (await diskominfo.upload(cohort_id, FILE)).json()
    assert (again["accepted"], again["repeated"], again["rejected_count"]) == (0, 2, 4)
    assert await placement.database["enrolments"].count_documents({}) == 2

    errors = await diskominfo.get(f"/imports/{report['import_id']}/errors.csv")
    assert errors.headers["content-type"].startswith("text/csv")
    text = errors.content.decode("utf-8-sig")
    assert "'=CMD()" in text
    assert text.count("\r\n") == 5
    template = await diskominfo.get("/enrolment-template.csv")
    assert template.content.startswith(b"\xef\xbb\xbfnomor_mahasiswa;nama")


async def test_a_retried_import_is_answered_as_before(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    first = await diskominfo.upload(cohort_id, FILE, Idempotency_Key="import-1")
    again = await diskominfo.upload(cohort_id, FILE, Idempotency_Key="import-1")
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = await diskominfo.upload(cohort_id, FILE + b"x", Idempotency_Key="import-1")
    refused(other, 422, "idempotency-key-reused")


async def test_a_file_may_come_as_a_form(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    path = f"/v1/cohorts/{cohort_id}/enrolments/import"
    form = {"file": ("daftar.csv", FILE, "application/vnd.ms-excel")}
    sent = await diskominfo.client.post(path, files=form, headers=diskominfo.headers)
    assert sent.json()["accepted"] == 3
    nothing = {"other": ("daftar.csv", FILE, "text/csv")}
    sent = await diskominfo.client.post(path, files=nothing, headers=diskominfo.headers)
    refused(sent, 422, "file-unreadable")
    sent = await diskominfo.client.post(path, json={}, headers=diskominfo.headers)
    refused(sent, 415, "unsupported-media-type")


async def test_files_that_are_none_are_refused(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    refused(await diskominfo.upload(cohort_id, b""), 422, "header-unknown")
    refused(await diskominfo.upload(cohort_id, b"a;b\x00"), 422, "file-unreadable")
    long = FILE + b"2210114009;A;Raharja;Gizi\r\n" * 5000
    refused(await diskominfo.upload(cohort_id, long), 422, "file-too-long")


async def test_a_campus_imports_its_own_and_sees_its_own_errors(
    placement: Running, diskominfo: Desk
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    campus = placement.desk("campus", region=None, university_id="raharja")
    report = (await campus.upload(cohort_id, FILE)).json()
    assert report["accepted"] == 2
    assert report["rejected"][0]["rule"] == "university-not-yours"
    path = f"/imports/{report['import_id']}/errors.csv"
    assert (await campus.get(path)).status_code == 200
    other = placement.desk("campus", region=None, university_id="budi-luhur")
    refused(await other.get(path), 404, "not-found")
    foreign = placement.desk("diskominfo", region="18.72")
    refused(await foreign.get(path), 404, "not-found")
    refused(await foreign.upload(cohort_id, FILE), 403, "foreign-region")


async def test_a_quota_holds_when_everyone_comes_at_once(
    placement: Running, second_placement: Running, diskominfo: Desk
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=3)
    desks = (diskominfo, second_placement.desk("diskominfo"))
    answers = await asyncio.gather(
        *(
            desks[number % 2].enrol(cohort_id, number, university_id="raharja")
            for number in range(8)
        )
    )
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, answer.json()["rule"])
            assert answer.json()["rule"] in {"quota-exceeded", "too-many-conflicts"}
    taken = await placement.database["enrolments"].distinct("state.seat")
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert len(taken) <= 3
    assert sum(answer.status_code == 201 for answer in answers) == len(taken)


async def test_an_enrolment_is_made_once(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=1)
    path = f"/cohorts/{cohort_id}/enrolments"
    body = {
        "university_id": "raharja",
        "student_number": "2210114001",
        "name": "Nama Rahasia",
        "study_programme": "Gizi",
    }
    first = await diskominfo.post(path, body, Idempotency_Key="enrol-1")
    again = await diskominfo.post(path, body, Idempotency_Key="enrol-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    refused(await diskominfo.post(path, body), 409, "already-exists")
    refused(
        await diskominfo.post(path, {**body, "student_number": "!"}), 422, "student-number-invalid"
    )
    unknown = {**body, "university_id": "antah"}
    refused(await diskominfo.post(path, unknown), 422, "university-unknown", "#/university_id")


async def test_who_withdrew_is_sent_to_readmission(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    body = {"university_id": "budi-luhur", "student_number": "2210114001"}
    first = await diskominfo.enrol(cohort_id, 0, key="enrol-1", **body)
    enrolment_id = first.json()["id"]
    await diskominfo.upload(cohort_id, FILE)
    await diskominfo.post(f"/enrolments/{enrolment_id}/withdrawal", {"reason": "Sakit"})

    told = refused(await diskominfo.enrol(cohort_id, 0, **body), 409, "student-withdrawn")
    assert told["facts"] == {"enrolment_id": enrolment_id}
    again = await diskominfo.enrol(cohort_id, 0, key="enrol-1", **body)
    assert (again.status_code, again.json()) == (201, first.json())
    report = (await diskominfo.upload(cohort_id, FILE)).json()
    assert (report["accepted"], report["repeated"]) == (0, 2)
    rejected = {each["line"]: each for each in report["rejected"]}
    assert (rejected[2]["rule"], rejected[2]["field"]) == ("student-withdrawn", "nomor_mahasiswa")

    await diskominfo.post(f"/enrolments/{enrolment_id}/readmission")
    refused(await diskominfo.enrol(cohort_id, 0, **body), 409, "already-exists")
    assert (await diskominfo.upload(cohort_id, FILE)).json()["repeated"] == 3


async def test_attendance_counts_each_student_once(diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    ids = [(await diskominfo.enrol(cohort_id, number)).json()["id"] for number in range(3)]
    assert (await diskominfo.attend(cohort_id, [*ids, "stranger"]))["attended"] == 3
    noted = await diskominfo.attend(cohort_id, [*ids, "stranger"])
    assert noted == {"attended": 0, "repeated": 3, "unknown": ["stranger"], "withdrawn": []}


async def test_quotas_are_overwritten_with_care(placement: Running, diskominfo: Desk) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=2)
    await diskominfo.enrol(cohort_id, 1)
    path = f"/cohorts/{cohort_id}/quotas"
    body = {"quotas": [{"university_id": "raharja", "students": 5}]}
    refused(await diskominfo.put(path, body), 428, "precondition-missing")
    refused(await diskominfo.put(path, body, version=7), 412, "version-conflict")
    body["quotas"][0]["students"] = 0
    refused(await diskominfo.put(path, body, version=1), 409, "quota-below-enrolled", "#/quotas")
    body["quotas"][0]["students"] = 5
    changed = await diskominfo.put(path, body, version=1)
    assert changed.headers["etag"] == '"2"'
    shown = (await diskominfo.get(f"/cohorts/{cohort_id}")).json()
    assert shown["quotas"] == body["quotas"]
    assert await placement.database["cohorts"].count_documents({}) == 1


async def test_one_name_means_one_university(diskominfo: Desk) -> None:
    await diskominfo.universities()
    taken = {"id": "other", "name": "Lain", "aliases": ["BUDI LUHUR"]}
    answer = await diskominfo.post("/universities", taken)
    refused(answer, 409, "university-name-taken", "#/aliases/0")
    named = {"id": "other", "name": "Univ. Budi Luhur", "aliases": ["Lain", "Raharja"]}
    answer = await diskominfo.post("/universities", named)
    refused(answer, 409, "university-name-taken", "#/name")
    called = {"id": "universitas-raharja", "name": "Lain"}
    answer = await diskominfo.post("/universities", called)
    refused(answer, 409, "university-name-taken", "#/id")
    repeated = {"id": "raharja", "name": "Sesuatu"}
    refused(await diskominfo.post("/universities", repeated), 409, "already-exists")


async def test_a_university_is_edited_and_then_known_by_its_new_spellings(
    diskominfo: Desk, placement: Running
) -> None:
    await diskominfo.universities()
    shown = await placement.public.get("/universities/raharja")
    assert shown.headers["etag"] == '"1"'
    edited = {"name": "Universitas Raharja", "aliases": ["Raharja Tangerang"]}
    refused(await diskominfo.put("/universities/raharja", edited), 428, "precondition-missing")
    taken = {**edited, "aliases": ["Raharja Tangerang", "Budi Luhur"]}
    answer = await diskominfo.put("/universities/raharja", taken, version=1)
    refused(answer, 409, "university-name-taken", "#/aliases/1")
    named = {**edited, "name": "BUDI LUHUR"}
    answer = await diskominfo.put("/universities/raharja", named, version=1)
    refused(answer, 409, "university-name-taken", "#/name")
    changed = await diskominfo.put("/universities/raharja", edited, version=1)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (await placement.public.get("/universities/raharja")).json() == changed.json()

    cohort_id = await diskominfo.cohort()
    line = "nomor_mahasiswa;nama;universitas;program_studi\r\n2011500999;A;RAHARJA TANGERANG;TI\r\n"
    report = (await diskominfo.upload(cohort_id, line)).json()
    assert (report["accepted"], report["rejected_count"]) == (1, 0), report
