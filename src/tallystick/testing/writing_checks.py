"""Provide the checks of updates and removals: what is written, on what condition, and what is answered."""

from collections.abc import Mapping

import attrs

from tallystick.mapping import evolved, field_names
from tallystick.ports import Absence, Capabilities, Remove, Status, Update
from tallystick.testing.check import Check, OutOfReach, require
from tallystick.testing.trial import Trials, scoped

_LONG = 200  # characters; what cuts texts does so at a round number below, or far above


def _update(trial: Trials, id_: str, version: str | None, *, member: bool | None = None) -> Status:
    write = Update(id_, version, trial.samples.edit, member, "contract-update")
    return trial.status(trial.provider.update([write], trial.scope))


def _wrote(trial: Trials, id_: str, fields: Mapping[str, object]) -> bool:
    """Tell whether the user sees the fields' new values."""
    return _values(trial.door.record(id_), fields) == dict(fields)


def _values(record: object, fields: Mapping[str, object]) -> dict[str, object]:
    return {name: record[name] if isinstance(record, Mapping) else getattr(record, name) for name in fields}


def _arrives(trial: Trials) -> None:
    one = trial.inserted()
    before = trial.shown(one)
    status = _update(trial, one, trial.item(one).version)
    require(status is Status.DONE, f"an update that rests on the present version is answered with {status}")
    require(trial.shown(one) != before, "an update that was done changed nothing that the user sees")
    require(_wrote(trial, one, trial.samples.edit), "the user does not see the values that were written")


def _others_stay(trial: Trials) -> None:
    one = trial.inserted()
    trial.edit(one)
    before = trial.door.record(one)
    _update(trial, one, trial.item(one).version)
    kept = _wrote(trial, one, trial.samples.other_edit)
    require(kept, "an update of some fields changed others, too")
    rest = dict.fromkeys(name for name in field_names(before) if name not in trial.samples.edit)
    after = _values(trial.door.record(one), rest)
    emptied = sorted(name for name, value in _values(before, rest).items() if value and not after[name])
    require(not emptied, f"an update of some fields emptied others: {', '.join(emptied)}")


def _answer(trial: Trials) -> None:
    one = trial.inserted()
    before = trial.item(one)
    write = Update(one, before.version, trial.samples.edit, None, "contract-update")
    item, now = trial.done(trial.provider.update([write], trial.scope)), trial.item(one)
    require(item.version == now.version, "an update is answered with another version than get shows")
    shown = trial.samples.shown
    require(shown(item.record) == shown(now.record), "an update is answered with another record than get shows")
    if before.version is not None:
        require(item.version != before.version, "an update did not change the version")


def _conditional(trial: Trials) -> None:
    listed = trial.capabilities.scopes and trial.scope.name is not None
    for member, what in ((None, "an update"), (True, "an update that sets the list, too,"))[: 1 + listed]:
        one = trial.inserted(member=member is None)
        stale = trial.item(one).version
        trial.edit(one)
        before = trial.shown(one)
        status = _update(trial, one, stale, member=member)
        require(trial.shown(one) == before, f"{what} that rests on an older version was written")
        require(status is Status.CHANGED, f"{what} that rests on an older version is answered with {status}")


def _unconditional(trial: Trials) -> None:
    one = trial.inserted()
    trial.item(one)
    trial.edit(one)
    status = _update(trial, one, None)
    require(status is Status.DONE, f"an update without a version is answered with {status}")


def _gone(trial: Trials) -> None:
    one = trial.inserted()
    version = trial.item(one).version
    trial.delete(one)
    status = _update(trial, one, version)
    require(status is Status.GONE, f"an update of what is gone is answered with {status}")
    require(not trial.door.ids(), "an update of what is gone brought it back")


def _listing(trial: Trials) -> None:
    trial.need_list()
    one = trial.inserted(member=False)
    for member in (True, None, False):
        was = trial.item(one).member
        status = _update(trial, one, trial.item(one).version, member=member)
        require(status is Status.DONE, f"an update that sets the membership is answered with {status}")
        require(trial.there(one), "a record that was taken off the list is no longer there")
        is_ = trial.item(one).member
        require(is_ is (was if member is None else member), f"after an update with member={member} it is {is_}")


def _only_listing(trial: Trials) -> None:
    trial.need_list()
    one = trial.inserted()
    before = trial.shown(one)
    write = Update(one, trial.item(one).version, {}, member=False)
    trial.done(trial.provider.update([write], trial.scope))
    require(not trial.item(one).member, "an update that sets nothing but the membership left it as it was")
    require(trial.shown(one) == before, "an update that sets nothing but the membership changed the record")


def _stable(trial: Trials) -> None:
    one = trial.inserted()
    _update(trial, one, trial.item(one).version)
    trial.edit(one)
    require(set(trial.door.ids()) == {one}, "an edit gave the record another id")
    require(not isinstance(trial.get(one)[0], Absence), "an edit gave the record another id")


def _spared(trial: Trials) -> None:
    batch = [Update(one, version, trial.samples.edit) for one, version in _four(trial)]
    outcomes = trial.in_batches(trial.provider.update, batch)
    trial.require_third(outcomes, Status.GONE, "updates")
    told = [outcome.item.id for outcome in outcomes if outcome.item is not None]
    require(told == [write.id for write in batch if trial.there(write.id)], "the outcomes are not in the batch's order")


def _spared_removals(trial: Trials) -> None:
    batch = [Remove(one, version) for one, version in _four(trial)]
    trial.require_third(trial.in_batches(trial.provider.remove, batch), Status.GONE, "removals")
    require(not trial.door.ids(), "beside a removal that can't be done others are answered as done, and were not")


def _four(trial: Trials) -> list[tuple[str, str | None]]:
    """Return the ids and versions of four records, of which the third is gone: no order reads like its reverse."""
    ids = trial.inserts(4)
    versions = [(one, trial.item(one).version) for one in ids]
    trial.delete(ids[2])
    return versions


def _long_texts(trial: Trials) -> None:
    edits = {**trial.samples.edit, **trial.samples.other_edit}
    fields = {name: text for name, text in edits.items() if isinstance(text, str) and _is_long(text)}
    if not fields:
        lacks = f"no text of the samples' edits has {_LONG} characters, and letters beyond ASCII among them"
        raise OutOfReach(f"{lacks}: what is cut or garbled would not be seen")
    one, other = trial.inserts(2)
    trial.door.edit(one, fields)
    trial.settle()
    require(_values(trial.item(one).record, fields) == fields, "get shows a long text cut or with other letters")
    trial.done(trial.provider.update([Update(other, trial.item(other).version, fields)], trial.scope))
    require(_wrote(trial, other, fields), "an update cut a long text, or changed its letters")
    write = trial.creation()
    made = trial.created(attrs.evolve(write, record=evolved(write.record, fields)))
    require(_wrote(trial, made.id, fields), "a create cut a long text, or changed its letters")


def _is_long(text: str) -> bool:
    return len(text) >= _LONG and not text.isascii()


def _told(trial: Trials) -> None:
    one = trial.inserted()
    cursor = trial.feed().cursor
    _update(trial, one, trial.item(one).version)
    listed = trial.feed(cursor).items.get(one)
    if listed is not None:
        require(
            listed.version == trial.item(one).version, "the feed shows our own write under another version than get"
        )


def _removes(trial: Trials) -> None:
    one, other = trial.inserts(2)
    status = trial.status(trial.provider.remove([Remove(one, trial.item(one).version)], trial.scope))
    require(status is Status.DONE, f"a removal that rests on the present version is answered with {status}")
    require(not trial.there(one), "a removal that was done left the record there")
    require(trial.there(other), "a removal took another record, too")


def _conditional_removal(trial: Trials) -> None:
    one = trial.inserted()
    stale = trial.item(one).version
    trial.edit(one)
    status = trial.status(trial.provider.remove([Remove(one, stale)], trial.scope))
    require(trial.there(one), "a removal that rests on an older version was carried out")
    require(status is Status.CHANGED, f"a removal that rests on an older version is answered with {status}")


def _removed_twice(trial: Trials) -> None:
    one = trial.inserted()
    version = trial.item(one).version
    trial.delete(one)
    status = trial.status(trial.provider.remove([Remove(one, version)], trial.scope))
    require(status is Status.GONE, f"a removal of what is gone is answered with {status}")


def _checked(declared: Capabilities) -> bool:
    return declared.conditional_writes


WRITING: tuple[Check[Trials, Capabilities], ...] = (
    Check("an update arrives", "the fields have their new values for the user to see", _arrives),
    Check("an update leaves other fields", "only the fields that are named change", _others_stay),
    Check("an update is answered as read", "the answer shows the record and version that get shows", _answer),
    Check("an update is conditional", "a version that has moved refuses the update", _conditional, _checked),
    Check("an update needs no version", "without a version an update is written", _unconditional),
    Check("an update of what is gone", "is answered with gone, and brings nothing back", _gone),
    Check("an update sets the list", "member joins, leaves, or leaves it alone", _listing, scoped),
    Check(
        "an update of the list alone", "no fields and a membership change the membership only", _only_listing, scoped
    ),
    Check("ids are stable", "an edit leaves the id as it is", _stable, lambda declared: declared.stable_ids),
    Check("a bad write spares others", "each write of a batch has an outcome of its own", _spared),
    Check("long texts arrive", "a text is read and written whole, whatever its letters", _long_texts),
    Check("an update is told as read", "the feed shows our own write as get does", _told),
    Check("a removal removes", "the record is gone, and no other", _removes),
    Check("a removal is conditional", "a version that has moved refuses the removal", _conditional_removal, _checked),
    Check("a removal of what is gone", "is answered with gone", _removed_twice),
    Check("a bad removal spares others", "each removal of a batch has an outcome of its own", _spared_removals),
)
