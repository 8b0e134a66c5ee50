"""Provide the job: one sync to run, as it travels from whoever asks for it to whoever runs it.

A job is names and ids only. It goes through queues, logs and other people's databases, so what opens accounts never
travels with it: the worker's own *factory* finds that where it runs.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from tallystick.errors import InputError, SettingsError

Option = str | int | bool
"""What an option may be: what JSON says the same everywhere."""

_FACTORY: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_SECRET: Final = re.compile(r"pass(word|phrase)|secret|credential|(api|private|digest)_?key|(access|refresh)_?token")
_FIELDS: Final = frozenset({"sync", "factory", "tenant", "options"})
_LONGEST: Final = 500
_MOST_OPTIONS: Final = 20


def _options(given: Mapping[str, Option]) -> dict[str, Option]:
    return dict(given)


@attrs.frozen
class SyncJob:
    """One sync to run.

    ``sync`` is its name in the state, ``factory`` names the function that builds it in the worker, as
    ``package.module:function``. ``tenant`` is whose requests it makes: limits and outages are looked at per tenant.
    ``options`` are ids that the factory needs. Raises SettingsError for what is no such job.
    """

    sync: str
    factory: str
    tenant: str = ""
    options: Mapping[str, Option] = attrs.field(factory=dict, converter=_options)

    def __attrs_post_init__(self) -> None:
        for name in ("sync", "factory", "tenant"):
            text: object = getattr(self, name)
            if not isinstance(text, str) or len(text) > _LONGEST:
                raise SettingsError(
                    f"its {name} is no text of at most {_LONGEST} characters", where="job", remedy="give names and ids"
                )
        if not self.sync.strip():
            raise SettingsError("a job needs the name of its sync", where="job", remedy="give the name in the state")
        if not _FACTORY.fullmatch(self.factory):
            raise SettingsError(
                "its factory is not named as package.module:function", where=self.sync, remedy="name it like that"
            )
        _check_options(self.sync, dict(self.options.items()))

    def to_dict(self) -> dict[str, object]:
        """Return the job as JSON-ready data."""
        return attrs.asdict(self)

    @classmethod
    def from_dict(cls, data: object) -> "SyncJob":
        """Return the job of such data. Raises InputError where they are not those of a job."""
        if not isinstance(data, Mapping) or not {"sync", "factory"} <= data.keys() <= _FIELDS:
            raise InputError(
                "these data are not those of a job", where="job", remedy="give what to_dict() of a job returned"
            )
        options: object = data.get("options", {})
        if not isinstance(options, Mapping):
            raise InputError("its options are no object", where="job", remedy="give a name and a value for each")
        # Each is checked when the job is made.
        return cls(data["sync"], data["factory"], data.get("tenant", ""), options)


def _check_options(sync: str, options: Mapping[str, object]) -> None:
    if len(options) > _MOST_OPTIONS:
        raise SettingsError(f"more than {_MOST_OPTIONS} options", where=sync, remedy="let the factory look them up")
    for name, value in options.items():
        if _SECRET.search(str(name).lower()):
            raise SettingsError(
                "an option is named as what opens an account is, and such things do not travel",
                where=sync,
                remedy="pass an id, and let the factory fetch the credentials where it runs",
            )
        if not isinstance(value, str | int) or (isinstance(value, str) and len(value) > _LONGEST):
            raise SettingsError(
                f"the option {name!r} is no text, whole number or yes and no",
                where=sync,
                remedy=f"pass an id of at most {_LONGEST} characters",
            )
