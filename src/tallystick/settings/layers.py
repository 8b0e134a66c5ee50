"""Provide the layers of settings: who has set what, and what therefore holds.

=========================  =========================================  ============================================
a setting is               the user has chosen                        the user has not
=========================  =========================================  ============================================
locked                     the administrator's default, else the product's; a change is refused
free                       the user's choice                          the administrator's default, else the product's
=========================  =========================================  ============================================

A lock leaves the user's earlier choice where it is, so that it holds again when the lock is taken off. Everything here
is a value: a change makes another, and the host keeps both documents, an administrator's and a user's, as JSON.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, Self, TypeVar

import attrs

from tallystick.errors import InvalidSettings, LockedSetting, SettingsError
from tallystick.settings.declared import SettingsKind, declared, fingerprint, read_all
from tallystick.settings.documents import read_document, written, written_document

T = TypeVar("T", bound=SettingsKind)


class Source(StrEnum):
    """Who says what holds."""

    PRODUCT = "product default"
    ADMINISTRATOR = "administrator's default"
    USER = "user's choice"
    LOCK = "locked by the administrator"


@attrs.frozen
class Shown:
    """One setting as a page shows it: the ``value`` that holds, and the ``default`` that does without a choice."""

    name: str
    value: object
    default: object
    source: Source
    words: str
    extent: bool

    @property
    def locked(self) -> bool:
        """Whether a user can't change it."""
        return self.source is Source.LOCK


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@attrs.frozen
class Administration(Generic[T]):
    """What an administrator has set for many users: defaults by name, and which settings are ``locked``.

    Values may be given as they are or as in JSON. Raises InvalidSettings for values and names that can't be.
    """

    kind: type[T]
    defaults: Mapping[str, object] = attrs.field(factory=dict)
    locked: frozenset[str] = attrs.field(factory=frozenset, converter=_names)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "defaults", read_all(self.kind, self.defaults))
        unknown = self.locked - declared(self.kind).keys()
        if unknown:
            raise InvalidSettings(dict.fromkeys(sorted(unknown), "no such setting"), where=self.kind.name)

    def sets(self, **values: object) -> Self:
        """Return it with further defaults, in place of those of the same names."""
        return attrs.evolve(self, defaults={**self.defaults, **values})

    def locks(self, *names: str) -> Self:
        """Return it with these settings locked, too: at the administrator's default, or else the product's."""
        return attrs.evolve(self, locked=self.locked | {*names})

    def unlocks(self, *names: str) -> Self:
        """Return it with these settings free."""
        return attrs.evolve(self, locked=self.locked - {*names})

    def to_json(self) -> str:
        """Return the administrator's document."""
        return written_document(
            self.kind, {"defaults": written(self.kind, self.defaults), "locked": sorted(self.locked)}
        )

    @classmethod
    def from_json(cls, kind: type[T], text: str) -> Self:
        """Read an administrator's document. Raises InvalidSettings for what can't be, InputError for another one."""
        found = read_document(kind, text, {"defaults": dict, "locked": list})
        return cls(kind, found.get("defaults", {}), found.get("locked", ()))  # type: ignore[arg-type]  # were looked at


@attrs.frozen
class Settings(Generic[T]):
    """The settings of one user's sync: the user's ``choices`` by name, under an administration.

    Values may be given as they are or as in JSON. Raises InvalidSettings for values and names that can't be.
    """

    kind: type[T]
    choices: Mapping[str, object] = attrs.field(factory=dict)
    administration: Administration[T] = attrs.field()

    @administration.default
    def _nothing_set(self) -> Administration[T]:
        return Administration(self.kind)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "choices", read_all(self.kind, self.choices))

    @property
    def value(self) -> T:
        """What holds, as one value of the class: a profile is made from it.

        Raises InvalidSettings where settings that are right alone exclude each other.
        """
        return _made(self.kind, {name: self._held(name)[0] for name in declared(self.kind)})

    @property
    def fingerprint(self) -> str:
        """A digest of what decides the extent: another one means that the next run is an initial one."""
        return fingerprint(self.value)

    def choose(self, **values: object) -> Self:
        """Return them with further choices of the user, in place of those of the same names.

        To give a locked setting the value that it has is no change. Raises LockedSetting for any other, InvalidSettings
        for what can't be; both name every setting concerned.
        """
        read = read_all(self.kind, values)
        locked = [name for name in read if name in self.administration.locked]
        refused = [name for name in locked if read[name] != self._held(name)[0]]
        if refused:
            raise LockedSetting(refused, where=self.kind.name)
        kept = {name: value for name, value in read.items() if name not in locked}
        made = attrs.evolve(self, choices={**self.choices, **kept})
        _ = made.value
        return made

    def reset(self, *names: str) -> Self:
        """Return them without the user's choices of these names; of none named, without any."""
        return attrs.evolve(
            self, choices={name: value for name, value in self.choices.items() if names and name not in names}
        )

    def under(self, administration: Administration[T]) -> Self:
        """Return the same choices under another administration."""
        return attrs.evolve(self, administration=administration)

    def shown(self) -> tuple[Shown, ...]:
        """Return every setting as a page shows it."""
        rows = []
        for name, one in declared(self.kind).items():
            value, source = self._held(name)
            default = self.administration.defaults.get(name, one.default)
            rows.append(Shown(name, value, default, source, one.words, one.extent))
        return tuple(rows)

    def to_json(self) -> str:
        """Return the user's document: what the user has chosen, and nothing else."""
        return written_document(self.kind, {"choices": written(self.kind, self.choices)})

    @classmethod
    def from_json(cls, kind: type[T], text: str, administration: Administration[T] | None = None) -> Self:
        """Read a user's document. Raises InvalidSettings for what can't be, InputError for another one."""
        found = read_document(kind, text, {"choices": dict})
        choices: Mapping[str, object] = found.get("choices", {})  # type: ignore[assignment]  # was looked at
        return cls(kind, choices, administration or Administration(kind))

    def _held(self, name: str) -> tuple[object, Source]:
        set_by_administrator = name in self.administration.defaults
        default = self.administration.defaults.get(name, declared(self.kind)[name].default)
        if name in self.administration.locked:
            return default, Source.LOCK
        if name in self.choices:
            return self.choices[name], Source.USER
        return default, Source.ADMINISTRATOR if set_by_administrator else Source.PRODUCT


def _made(kind: type[T], values: Mapping[str, object]) -> T:
    try:
        return kind(**values)
    except InvalidSettings:
        raise
    except SettingsError as error:
        raise InvalidSettings({"": error.what}, where=kind.name, remedy=error.remedy) from None
