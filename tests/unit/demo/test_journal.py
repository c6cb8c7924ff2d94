"""A journal survives its client, says what was asked, and tells nothing about persons."""

from pathlib import Path

from kentongan.demo.consistency.journal import Answer, Expectation, Journal, read_journal


def answer(status: int) -> Answer:
    return Answer(
        status=status,
        aggregate="a",
        version=3,
        rule=None,
        attempts=2,
        milliseconds=7.5,
        replayed=True,
        at="2026-09-22T03:00:00+00:00",
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        command = journal.sent("kim.register", "POST", "/v1/kims/a", aggregate="a", publishes="X")
        journal.answered(command, answer(200), [Expectation("X", "a", 3, {"kim_id": "k"})])
        journal.sent("kim.suspend", "POST", "/v1/kims/a", aggregate="a", publishes=None)
    first, second = read_journal([path])
    assert first == journal.entries[command]
    assert first.answer is not None
    assert first.answer.accepted
    assert second.answer is None


def test_a_killed_client_leaves_its_question_and_a_torn_line_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.sent("kim.register", "POST", "/v1/kims/a", aggregate="a", publishes=None)
    with path.open("a") as file:
        file.write('{"answered": "to')
    (entry,) = read_journal([path])
    assert entry.name == "kim.register"
    assert entry.answer is None


def test_a_journal_goes_on_where_another_client_left_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for number in range(2):
        with Journal(path) as journal:
            journal.sent(f"command.{number}", "POST", "/", aggregate=None, publishes=None)
    assert [entry.name for entry in read_journal([path])] == ["command.0", "command.1"]
