import os
from pathlib import Path

import pytest

from kentongan.local import stack_folder
from kentongan.local.stack_folder import HALVES, StackFolder, StackFolderInUse, StackHalvesDiffer


@pytest.fixture
def used(tmp_path: Path) -> StackFolder:
    """A folder whose stack came up once."""
    folder = StackFolder(tmp_path / "data")
    for name in HALVES:
        folder.half(name).mkdir(parents=True)
        (folder.half(name) / "facts").write_text(name)
    folder.mark_halves()
    return folder


def delete(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_a_stack_that_came_up_once_starts_again_on_its_data(used: StackFolder) -> None:
    used.check_halves()
    used.mark_halves()
    used.check_halves()
    assert (used.half("kafka") / "facts").exists()


@pytest.mark.parametrize("half", HALVES)
def test_a_deleted_half_is_named(used: StackFolder, half: str) -> None:
    delete(used.half(half))
    with pytest.raises(StackHalvesDiffer, match=half) as refusal:
        used.check_halves()
    assert refusal.value.halves == [half]
    assert "delete the whole folder" in str(refusal.value)


def test_a_half_of_another_stack_is_named(used: StackFolder) -> None:
    (used.half("mongod") / "stack-id").write_text("another")
    with pytest.raises(StackHalvesDiffer) as refusal:
        used.check_halves()
    assert refusal.value.halves == ["mongod"]


def test_both_halves_deleted_is_a_new_stack(used: StackFolder) -> None:
    for half in HALVES:
        delete(used.half(half))
    used.check_halves()
    assert not (used.path / "stack-id").exists()


def test_what_a_first_start_left_behind_is_cleared_away(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path)
    folder.half("kafka").mkdir()
    (folder.half("kafka") / "half-formatted").touch()
    folder.check_halves()
    assert not folder.half("kafka").exists()


def test_a_lost_root_id_is_taken_from_the_halves(used: StackFolder) -> None:
    (used.path / "stack-id").unlink()
    used.check_halves()
    used.mark_halves()
    assert (used.path / "stack-id").read_text() == (used.half("kafka") / "stack-id").read_text()


def test_a_half_replaced_by_an_address_is_not_asked_for(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path)
    folder.half("mongod").mkdir()
    folder.mark_halves(("mongod",))
    folder.check_halves(("mongod",))
    with pytest.raises(StackHalvesDiffer) as refusal:
        folder.check_halves()
    assert refusal.value.halves == ["kafka"]


def test_two_stacks_cannot_share_a_folder(tmp_path: Path) -> None:
    first, second = StackFolder(tmp_path), StackFolder(tmp_path)
    first.claim()
    with pytest.raises(StackFolderInUse, match=str(os.getpid())):
        second.claim()
    first.release()
    second.claim()
    second.release()


def test_temporary_folders_of_killed_runs_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_folder.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(stack_folder.tempfile, "tempdir", str(tmp_path))
    killed, running = StackFolder.make_temporary(), StackFolder.make_temporary()
    for folder in (killed, running):
        folder.claim()
        os.utime(folder.path, (0, 0))
    assert killed._lock is not None
    killed._lock.close()

    newest = StackFolder.make_temporary()

    assert not killed.path.exists()
    assert running.path.exists()
    for folder in (running, newest):
        folder.release()
        assert not folder.path.exists()
