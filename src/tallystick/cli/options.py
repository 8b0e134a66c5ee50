"""Provide the options that several commands share, as attrs classes that the command library fills."""

from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter

from tallystick.cli.profiles import PROFILES

Left = Annotated[Path, Parameter(help="The left file: Outlook's contacts, as .csv or .jsonl.")]
Right = Annotated[Path, Parameter(help="The right file: the CRM's entries, as .csv or .jsonl.")]
Details = Annotated[int, Parameter(help="How many of the steps to show.")]
AsJson = Annotated[bool, Parameter(name="--json", help="Print the answer as JSON, with nothing else beside it.")]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Common:
    """What every command takes."""

    debug: Annotated[bool, Parameter(help="Show where in the program an error comes from.")] = False


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Where(Common):
    """Where the state is, and which of its syncs is meant."""

    state: Annotated[Path, Parameter(help="The file in which the pairs are remembered.")]
    sync: Annotated[
        str | None,
        Parameter(help="The sync's name in the state: both file names, or the only one there, unless given."),
    ] = None
    key_file: Annotated[
        Path | None,
        Parameter(help="The file with the digest key; else TALLYSTICK_KEY, else STATE.key beside the state."),
    ] = None


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class How(Where):
    """How two files are to be read and matched."""

    profile: Annotated[str, Parameter(help=f"What the sync is: {', '.join(PROFILES)}.")]
    category: Annotated[
        str | None, Parameter(help="The category to sync on the left side; the whole file unless given.")
    ] = None
    favourite_list: Annotated[
        str | None, Parameter(help="The favourite list to sync on the right side; the whole file unless given.")
    ] = None
    capacity: Annotated[int, Parameter(help="The most pairs that the sync may hold.")] = 20_000
    left_headers: Annotated[Path | None, Parameter(help="A JSON file that says what the left file's columns are.")] = (
        None
    )
    right_headers: Annotated[
        Path | None, Parameter(help="A JSON file that says what the right file's columns are.")
    ] = None
    left_encoding: Annotated[str | None, Parameter(help="The left file's encoding, where nothing in it says so.")] = (
        None
    )
    right_encoding: Annotated[str | None, Parameter(help="The right file's encoding, where nothing in it says so.")] = (
        None
    )
    encoding: Annotated[str | None, Parameter(help="The encoding of both.")] = None
