"""Test what is not done without a person's word."""

from pathlib import Path

import pytest

from tallystick.ports import Remove, Scope
from tallystick.providers.files import open_entries
from tests.cli.running import Books, Call, contact, entry, make_books

MANY = 60


@pytest.fixture
def emptied(tmp_path: Path, call: Call) -> Books:
    """Two files of sixty people, synced; then half of the right file was deleted."""
    contacts = [contact(f"A{number}", "Many") for number in range(MANY)]
    books = make_books(tmp_path, contacts, [entry(f"A{number}", "Many") for number in range(MANY)])
    assert call("sync", *books.options, "--yes").code == 0
    file = open_entries(books.right)
    ids = [item.id for item in file.changes(None, Scope()).items]
    file.remove([Remove(one, None) for one in ids[: MANY // 2]], Scope())
    return books


@pytest.mark.behaviour("TS-05")
def test_a_run_that_would_end_too_many_pairs_is_stopped(emptied: Books, call: Call) -> None:
    """A sync that would end half of the pairs writes nothing, shows the figures, and exits with 3."""
    before = {name: content for name, content in emptied.contents().items() if name.endswith(".csv")}

    ran = call("sync", *emptied.options, "--yes")

    assert ran.code == 3
    assert "stopped by" in ran.out
    assert "unlinked 30 (allowed 12)" in ran.err
    assert "--confirm" in ran.err
    assert before == {name: content for name, content in emptied.contents().items() if name.endswith(".csv")}


def test_a_stopped_run_is_in_the_history(emptied: Books, call: Call) -> None:
    """A run that was stopped is listed as a problem, with the figures."""
    call("sync", *emptied.options, "--yes")

    ran = call("history", *emptied.where)

    assert "problem" in ran.out
    assert "unlinked 30 (allowed 12)" in " ".join(ran.out.split())


@pytest.mark.behaviour("TS-05")
def test_confirmed_figures_let_one_run_go_ahead(emptied: Books, call: Call) -> None:
    """--confirm does what the guards stopped, once; nothing stays confirmed afterwards."""
    ran = call("sync", *emptied.options, "--yes", "--confirm")

    assert ran.code == 0
    assert "out of scope" in ran.out
    status = call("status", *emptied.where, "--json").data
    assert isinstance(status, dict)
    assert status["pairs"] == MANY // 2
    assert status["confirmed"] == {}


def test_a_plan_that_would_be_stopped_says_so(emptied: Books, call: Call) -> None:
    """A plan shows which guards would stop it, and exits with 3."""
    ran = call("plan", *emptied.options)
    data = call("plan", *emptied.options, "--json").data

    assert ran.code == 3
    assert "stopped by" in ran.out
    assert isinstance(data, dict)
    assert data["stops"] == [{"guard": "unlinked", "planned": 30, "allowed": 12}]


def test_what_was_confirmed_is_taken_back_when_files_change(
    emptied: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a file changes between the plan and its confirmation, nothing is written and nothing stays confirmed."""
    from tallystick import Sync

    confirm = Sync.confirm

    def confirm_late(sync: Sync[object, object], plan: object) -> object:
        file = open_entries(emptied.right)
        file.remove([Remove(file.changes(None, Scope()).items[0].id, None)], Scope())
        return confirm(sync, plan)  # type: ignore[arg-type]

    monkeypatch.setattr(Sync, "confirm", confirm_late)

    ran = call("sync", *emptied.options, "--yes", "--confirm")

    assert ran.code == 1
    assert "the files have changed since the plan was shown" in ran.err
    status = call("status", *emptied.where, "--json").data
    assert isinstance(status, dict)
    assert status["confirmed"] == {}


def test_capacity_cannot_be_confirmed(books: Books, call: Call) -> None:
    """More pairs than the sync may hold are refused even if confirmed; the remedy is another capacity."""
    before = books.contents()

    ran = call("sync", *books.options, "--yes", "--confirm", "--capacity", "3")

    assert ran.code == 3
    assert "--capacity" in ran.err
    assert before == books.contents()
    assert call("sync", *books.options, "--yes", "--capacity", "5").code == 0


def test_a_state_of_other_files_is_not_used_for_these(synced: Books, call: Call) -> None:
    """A renamed file would begin a new sync; that is refused, and the state still knows the old one."""
    renamed = Books(synced.folder, synced.left.rename(synced.folder / "renamed.csv"), synced.right, synced.state)
    before = renamed.contents()

    ran = call("sync", *renamed.options, "--yes")

    assert ran.code == 2
    assert "the state holds no sync of these files, but 'outlook.csv+crm.csv'" in ran.err
    assert before == renamed.contents()


def test_a_sync_is_not_given_other_files_by_accident(synced: Books, call: Call) -> None:
    """A sync that is named together with other files would forget its pairs; that needs --confirm."""
    renamed = Books(synced.folder, synced.left.rename(synced.folder / "renamed.csv"), synced.right, synced.state)
    options = (*renamed.options, "--yes", "--sync", "outlook.csv+crm.csv")

    ran = call("sync", *options)

    assert ran.code == 3
    assert "this sync was one of other files: it would begin anew, and 5 pairs be forgotten" in ran.err
    assert call("sync", *options, "--confirm").code == 0
