"""Provide the checks of creates: what arrives, what is answered, and how each is made safe against a lost answer."""

from typing import Any

import attrs

from tallystick.ports import Capabilities, Create, CreateSafety, Item, Status, Term
from tallystick.testing.check import Check, OutOfReach, require
from tallystick.testing.trial import Trials, scoped

_SEARCHED = (CreateSafety.UNIQUE_KEY, CreateSafety.SEARCHABLE_TAG)
_REPEATED = (CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY, CreateSafety.SERVER_TOKEN)


def _arrives(trial: Trials) -> None:
    write = trial.creation()
    item = trial.created(write)
    require(trial.there(item.id), "a create that was done left nothing for the user to see")
    shown = trial.samples.shown(write.record)
    require(trial.shown(item.id) == shown, "the user sees another record than was created")


def _answer(trial: Trials) -> None:
    item = trial.created(trial.creation())
    now = trial.item(item.id)
    require(item.version == now.version, "a create is answered with another version than get shows")
    shown = trial.samples.shown
    require(shown(item.record) == shown(now.record), "a create is answered with another record than get shows")


def _membership(trial: Trials) -> None:
    trial.need_list()
    inside, outside = trial.created(trial.creation()), trial.created(trial.creation(member=False))
    require(inside.member and trial.item(inside.id).member, "a record that was created as a member is none")
    require(not outside.member, "a record that was created as no member is answered as one")
    require(not trial.item(outside.id).member, "a record that was created as no member is one")


def _batch(trial: Trials) -> None:
    size = min(trial.capabilities.batch_size, 50)
    batch = [trial.creation() for _ in range(size)]
    outcomes = trial.provider.create(batch, trial.scope)
    require(len(outcomes) == size, f"{size} creates were answered with {len(outcomes)} outcomes")
    trial.settle()
    shown = trial.samples.shown
    for write, outcome in zip(batch, outcomes, strict=True):
        require(outcome.status is Status.DONE, f"a create within its batch was answered with {outcome.status}")
        there = outcome.item is not None and shown(outcome.item.record) == shown(write.record)
        require(there, "the outcomes do not stand in the order of the batch")


def _spared(trial: Trials) -> None:
    if trial.samples.refused is None:
        raise OutOfReach("the samples have no record that the service does not take: give them refused=")
    writes = [trial.creation() for _ in range(4)]
    writes[2] = attrs.evolve(writes[2], record=trial.samples.refused)
    outcomes = trial.in_batches(trial.provider.create, writes)
    trial.require_third(outcomes, Status.REFUSED, "creates")
    ids = {outcome.item.id for outcome in outcomes if outcome.item is not None}
    require(set(trial.door.ids()) == ids, "beside a create that was refused others are answered and not there")


def _told(trial: Trials) -> None:
    item = trial.created(trial.creation())
    require(trial.feed().shows(item.id), "a record that was created is not listed")


def _repeated(trial: Trials) -> None:
    write = trial.creation()
    first = trial.created(write)
    (again,) = trial.provider.create([write], trial.scope)
    trial.settle()
    require(len(trial.door.ids()) == 1, "a create that was repeated with its token made a second record")
    if trial.capabilities.create_safety is not CreateSafety.CLIENT_ID:
        require(again.status is Status.DONE, f"a repeated create is answered with {again.status}")
        same = again.item is not None and again.item.id == first.id
        require(same, "a repeated create is answered with another record than the first")


def _repeated_later(trial: Trials) -> None:
    write = trial.creation()
    trial.delete(trial.created(write).id)
    (again,) = trial.provider.create([write], trial.scope)
    trial.settle()
    there = again.item is not None and trial.there(again.item.id)
    require(there or again.status is not Status.DONE, "a create is answered with the deleted record that had its token")


def _client_id(trial: Trials) -> None:
    write = trial.creation()
    item = trial.created(write)
    require(item.id == write.token, "the id is not the token that was given")
    require(isinstance(trial.get(write.token)[0], Item), "get does not find the record by its token")


def _found(trial: Trials) -> None:
    write = trial.creation()
    item = trial.created(write)
    trial.created(trial.creation())
    hits = trial.provider.search([Term(Term.TOKEN, write.token)], trial.scope)
    require([hit.id for hit in hits] == [item.id], "search does not find a record by the token it was created with")


def _found_later(trial: Trials) -> None:
    write = trial.creation()
    item = trial.created(write)
    trial.edit(item.id)
    if trial.scope.name is not None and trial.capabilities.scopes:
        trial.move(item.id, member=False)
    hits = trial.provider.search([Term(Term.TOKEN, write.token)], trial.scope)
    require(item.id in [hit.id for hit in hits], "once a person has edited a record, its token is no longer found")


def _unfound(trial: Trials) -> None:
    trial.created(trial.creation())
    hits = trial.provider.search([Term(Term.TOKEN, "a-token-never-given")], trial.scope)
    require(not list(hits), "search finds something by a token that was never given")


def _listed(trial: Trials) -> None:
    write = trial.creation()
    item = trial.created(write)
    listed = trial.feed().items
    require(item.id in listed, "a record that was created is not listed")
    require(listed[item.id].token == write.token, "a listing does not show the token that a record was created with")


def _foreign_token(trial: Trials) -> None:
    one = trial.inserted()
    write: Create[Any] = trial.creation()
    trial.created(write)
    listed = trial.feed().items
    require(one in listed, "the user's record is not listed")
    require(listed[one].token != write.token, "a user's record is listed with a token of ours")


def _always_repeated(declared: Capabilities) -> bool:
    return declared.create_safety in _REPEATED


def _always_searched(declared: Capabilities) -> bool:
    return declared.create_safety in _SEARCHED


def _kept(declared: Capabilities) -> bool:
    return declared.create_safety in (CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY)


def _client_ids(declared: Capabilities) -> bool:
    return declared.create_safety is CreateSafety.CLIENT_ID


def _in_listings(declared: Capabilities) -> bool:
    return declared.token_in_listings


CREATING: tuple[Check[Trials, Capabilities], ...] = (
    Check("a create arrives", "what was created is there for the user to see", _arrives),
    Check("a create is answered as read", "the answer shows the record and version that get shows", _answer),
    Check("a create keeps the list", "member says whether the record is on the list", _membership, scoped),
    Check("creates come in batches", "batch_size creates in one call, outcomes in their order", _batch),
    Check("a bad create spares others", "what the service does not take is refused, and no other", _spared),
    Check("a create is listed", "what was created is listed", _told),
    Check("a repeat makes no second", "a repeated token makes no second record", _repeated, _always_repeated),
    Check("a deleted record is no answer", "its token is free, or refused", _repeated_later, _kept, _kept),
    Check("the token is the id", "the token is the id, and get finds by it", _client_id, _client_ids, _client_ids),
    Check("a token is found", "search finds a record by its token", _found, _always_searched),
    Check("a token outlives edits", "whatever a person does to the record", _found_later, _always_searched),
    Check(
        "no foreign token is found", "a token never given finds nothing", _unfound, _always_searched, _always_searched
    ),
    Check("tokens are listed", "listings show the token of a create", _listed, _in_listings),
    Check(
        "a user's record has no token of ours", "no token is ascribed twice", _foreign_token, _in_listings, _in_listings
    ),
)
