"""Provide the file of kept records: what `--keep` names, with its errors in a person's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tallystick.errors import StateUnwritable, StateVersionError
from tallystick.sinks import SqliteSink


@contextmanager
def open_kept(path: Path) -> Iterator[SqliteSink]:
    """Open the file that keeps records as they were before. Raises StateVersionError and StateUnwritable."""
    try:
        sink = SqliteSink(path, keeps_images=True)
    except StateVersionError:
        what = "the file holds something else than kept records, or those of a newer release"
        raise StateVersionError(what, where=str(path), remedy="name another with --keep, or upgrade") from None
    except StateUnwritable:
        what = "the file of kept records cannot be opened or made"
        remedy = "nothing was written: see to the file and its folder, or name another with --keep"
        raise StateUnwritable(what, where=str(path), remedy=remedy) from None
    with sink:
        yield sink
