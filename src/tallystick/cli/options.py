"""Provide the options that several commands share, as attrs classes that the command library fills."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import attrs
from cyclopts import Group, Parameter, Token

from tallystick.cli.profiles import PROFILES

_STATE = Group("The state", sort_key=2)
_RECORDS = Group("The records", sort_key=3)
_FILES = Group("The files", sort_key=4)
_SERVERS = Group("The servers", sort_key=5)
_FAULTS = Group("Finding faults", sort_key=9)

Left = Annotated[
    str,
    Parameter(
        help="What Outlook has: a .csv, .jsonl, .vcf or .ics file, an address book's or calendar's https address,"
        " or a mailbox as graph:me."
    ),
]
Right = Annotated[
    str, Parameter(help="What the CRM has: a .csv, .jsonl, .vcf or .ics file, or an address as on the left.")
]


def _whole(_made: object, tokens: Sequence[Token]) -> int:
    """Return the whole number that was given; another would be rounded, and be another run or limit than was meant."""
    try:
        return int(tokens[0].value)
    except ValueError:
        raise ValueError(f"{tokens[0].value!r} is no whole number") from None  # the library adds for which option


Whole = Annotated[int, Parameter(converter=_whole)]
OneSide = Literal["left", "right"]
OfSide = Annotated[OneSide, Parameter(help="The side that the record is on.")]
OneRecord = Annotated[str, Parameter(name="--id", help="The record's id, as `tallystick errors` shows it.")]
Yes = Annotated[bool, Parameter(name=("--yes", "-y"), show_default=False, help="Write without asking.")]
Details = Annotated[Whole, Parameter(help="How many of the steps to show.")]
Keep = Annotated[
    Path, Parameter(group=_STATE, help="The file that keeps records as they were before, so that a run can be undone.")
]
AsJson = Annotated[
    bool, Parameter(name="--json", show_default=False, help="Print the answer as JSON, and nothing else beside it.")
]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Common:
    """What every command takes."""

    debug: Annotated[
        bool, Parameter(group=_FAULTS, show_default=False, help="Show where in the program an error comes from.")
    ] = False


COMMON: Final = Common()


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Where(Common):
    """Where the state is, and which of its syncs is meant."""

    state: Annotated[Path, Parameter(group=_STATE, help="The file in which the pairs are remembered.")]
    sync: Annotated[
        str | None,
        Parameter(group=_STATE, help="The sync's name in it; both files' names, or the only one, unless given."),
    ] = None
    key_file: Annotated[
        Path | None,
        Parameter(group=_STATE, help="The file with its digest key; else TALLYSTICK_KEY, else STATE.key."),
    ] = None


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class How(Where):
    """How two sides are to be read and matched."""

    profile: Annotated[str, Parameter(group=_RECORDS, help=f"What the sync is: {', '.join(PROFILES)}.")]
    left_list: Annotated[
        str | None,
        Parameter(
            name=("--category", "--left-list"),
            group=_RECORDS,
            help="Sync this category or list of the left file; all of it unless given.",
        ),
    ] = None
    right_list: Annotated[
        str | None,
        Parameter(
            name=("--favourite-list", "--right-list", "--user"),
            group=_RECORDS,
            help="Sync this list of the right file, or this user's tasks or meetings; all of it unless given.",
        ),
    ] = None
    owner: Annotated[
        str | None,
        Parameter(
            group=_RECORDS,
            help="Whose calendar the left .ics file is, by mail address; others' meetings stay theirs.",
        ),
    ] = None
    people: Annotated[
        Path | None,
        Parameter(group=_RECORDS, help="The CRM's people, as .csv, .jsonl or .vcf; those invited are looked up there."),
    ] = None
    leads: Annotated[
        Path | None,
        Parameter(group=_RECORDS, help="The CRM's leads, where they are looked up as well."),
    ] = None
    zone: Annotated[
        str, Parameter(group=_RECORDS, help="The time zone that you live in: by its days go dates without a time.")
    ] = "UTC"
    capacity: Annotated[Whole, Parameter(group=_RECORDS, help="The most pairs that the sync may hold.")] = 20_000
    settings: Annotated[
        Path | None,
        Parameter(group=_RECORDS, help="A JSON file of settings; it stands for the category, list, zone and capacity."),
    ] = None
    left_headers: Annotated[
        Path | None, Parameter(group=_FILES, help="A JSON file that says what the left file's columns are.")
    ] = None
    right_headers: Annotated[
        Path | None, Parameter(group=_FILES, help="A JSON file that says what the right file's columns are.")
    ] = None
    left_encoding: Annotated[
        str | None, Parameter(group=_FILES, help="The left file's encoding, where nothing in it says so.")
    ] = None
    right_encoding: Annotated[
        str | None, Parameter(group=_FILES, help="The right file's encoding, where nothing in it says so.")
    ] = None
    encoding: Annotated[
        str | None, Parameter(group=_FILES, help="The encoding of both files, where nothing in them says so.")
    ] = None
    left_login: Annotated[
        str | None, Parameter(group=_SERVERS, help="Who is asking the left server; its password is asked for.")
    ] = None
    right_login: Annotated[
        str | None, Parameter(group=_SERVERS, help="Who is asking the right server; its password is asked for.")
    ] = None
    left_secret_command: Annotated[
        str | None,
        Parameter(
            group=_SERVERS,
            help="A command that prints the left password or token; else TALLYSTICK_LEFT_SECRET, else asked for.",
        ),
    ] = None
    right_secret_command: Annotated[
        str | None,
        Parameter(
            group=_SERVERS,
            help="A command that prints the right password or token; else TALLYSTICK_RIGHT_SECRET, else asked for.",
        ),
    ] = None
