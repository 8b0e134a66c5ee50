"""Provide what a provider declares of itself: one frozen record, read by the engine and by the conformance kit."""

from datetime import timedelta
from enum import StrEnum

import attrs

from tallystick.errors import SettingsError


class CreateSafety(StrEnum):
    """How a create is made safe against a lost answer, best first."""

    CLIENT_ID = "client_id"
    """We choose the id: the token is the id, ``get`` finds the record by it, and a repeat is refused."""
    UNIQUE_KEY = "unique_key"
    """The provider keeps the token in a unique field and can search for it: a repeat makes no second record."""
    SERVER_TOKEN = "server_token"
    """The provider remembers the token of a request: a repeat is DONE and answers with the first record."""
    SEARCHABLE_TAG = "searchable_tag"
    """The token is written into the record and can be searched for."""
    NATURAL_KEY = "natural_key"
    """Nothing but the record's own fields: a find is a candidate, never a proof."""


@attrs.frozen
class Capabilities:
    """What a provider can do.

    ``delta``: a cursor brings only what changed since. ``conditional_writes``: a version that has moved refuses the
    write. ``token_in_listings``: items carry the token that they were created with. ``visibility_lag``: how long a
    write may stay unseen by ``get``, ``search`` and the feed alike. ``request_timeout``: how long a request may still
    arrive after it was sent. ``stable_ids``: an id never changes. ``batch_size``: writes in one call; ``read_size``:
    ids in one ``get`` and terms in one ``search``. ``scopes``: records can join and leave a named list.
    ``notifies_people``: writes may send mail to people. ``record_url``: where a person edits a record, with ``{id}``
    in it, or empty.
    """

    delta: bool = True
    conditional_writes: bool = True
    create_safety: CreateSafety = CreateSafety.NATURAL_KEY
    token_in_listings: bool = False
    visibility_lag: timedelta = timedelta(0)
    request_timeout: timedelta = timedelta(minutes=2)
    stable_ids: bool = True
    batch_size: int = 20
    read_size: int = 200
    scopes: bool = True
    notifies_people: bool = False
    record_url: str = ""

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(Capabilities):
            self._require(field.name, field.type or object)
        if self.create_safety is CreateSafety.NATURAL_KEY and self.token_in_listings:
            raise SettingsError(
                "a provider that knows records by their natural key alone has no token to list",
                where="capabilities",
                remedy="leave token_in_listings off, or name the create_safety that keeps the token",
            )

    def _require(self, name: str, kind: type) -> None:
        """Raise SettingsError for a value of another type, a size below one, and a time below zero."""
        value: object = getattr(self, name)
        if not isinstance(value, kind):
            what, remedy = f"is of the type {type(value).__name__}", f"give a {kind.__name__}"
        elif name.endswith("_size") and isinstance(value, int) and value < 1:
            what, remedy = "is below 1", "give 1 where the service takes one at a time"
        elif isinstance(value, timedelta) and value < timedelta(0):
            what, remedy = "is below zero", "leave it at zero where there is none"
        else:
            return
        raise SettingsError(f"{name} {what}", where="capabilities", remedy=remedy)
