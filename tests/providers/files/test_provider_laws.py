"""A law of files as sides: after any writes, the file read anew is what the provider says, and what was asked for."""

from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.ports import Create, Item, Remove, Scope, Status, Update
from tallystick.providers.files import FileProvider, open_entries, write_entries
from tallystick.records import Entry
from tests.codecs.strategies import ENTRIES, LISTS

pytestmark = pytest.mark.property
IDS = st.sampled_from(["t1", "t2", "t3"])
FIELDS = st.sampled_from(["notes", "last_name", "emails", "phones", "address", "birthday", "kind"])
SCOPE = Scope("Clients")
Held = dict[str, tuple[Entry, bool]]


@attrs.frozen
class Change:
    """A change of one field and of membership, which may rest on an older version."""

    id: str
    stale: bool
    field: str
    source: Entry
    member: bool | None


@attrs.frozen
class Removal:
    """A removal, which may rest on an older version."""

    id: str
    stale: bool


STEPS = (
    st.builds(Create, token=IDS, record=ENTRIES, member=st.booleans())
    | st.builds(Change, IDS, st.booleans(), FIELDS, ENTRIES, st.sampled_from([None, True, False]))
    | st.builds(Removal, IDS, st.booleans())
)


def held(provider: FileProvider[Entry]) -> Held:
    """Return what a provider holds: records and membership by id."""
    ids = [item.id for item in provider.changes(None, Scope()).items]
    found = provider.get(ids, SCOPE)
    return {item.id: (item.record, item.member) for item in found if isinstance(item, Item)}


def version(provider: FileProvider[Entry], row_id: str, *, stale: bool) -> str | None:
    """Return the version that a write is to rest on."""
    (found,) = provider.get([row_id], SCOPE)
    return "older" if stale or not isinstance(found, Item) else found.version


def take(provider: FileProvider[Entry], step: Create[Entry] | Change | Removal, expected: Held) -> None:
    """Take one step, and do the same to what is expected."""
    if isinstance(step, Create):
        (outcome,) = provider.create([step], SCOPE)
        assert outcome.status is Status.DONE
        expected.setdefault(step.token, (step.record, step.member))
        return
    row_id, known = step.id, step.id in expected
    rests_on = version(provider, row_id, stale=step.stale)
    if isinstance(step, Change):
        value = getattr(step.source, step.field)
        (outcome,) = provider.update([Update(row_id, rests_on, {step.field: value}, step.member)], SCOPE)
    else:
        (outcome,) = provider.remove([Remove(row_id, rests_on)], SCOPE)
    assert outcome.status is (Status.GONE if not known else Status.CHANGED if step.stale else Status.DONE)
    if outcome.status is not Status.DONE:
        return
    if isinstance(step, Removal):
        del expected[row_id]
        return
    record, member = expected[row_id]
    changed = attrs.evolve(record, **{step.field: getattr(step.source, step.field)})
    expected[row_id] = (changed, member if step.member is None else step.member)


@settings(max_examples=40)
@given(
    st.sampled_from(["csv", "jsonl"]),
    st.lists(st.tuples(ENTRIES, LISTS), max_size=2),
    st.lists(STEPS, max_size=8),
)
def test_a_file_is_what_was_written(
    suffix: str, first: list[tuple[Entry, tuple[str, ...]]], steps: list[Create[Entry] | Change | Removal]
) -> None:
    """Whatever is created, changed and removed, the file holds it, and refuses what rests on an older version."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"crm.{suffix}"
        write_entries(path, [entry for entry, _ in first], [lists for _, lists in first])
        provider = open_entries(path)
        expected = held(provider)
        for step in steps:
            take(provider, step, expected)
        again = open_entries(path)
        assert held(provider) == held(again) == expected
        assert provider.changes(None, SCOPE) == again.changes(None, SCOPE)
