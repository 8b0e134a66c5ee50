"""Provide the guard against formulas: a spreadsheet that opens the file must not run what somebody typed as a name.

A cell that begins like a formula is written with an apostrophe before it, and reading takes that apostrophe off
again. Apostrophes that stood before such a character are doubled up in the same way, so nothing is lost.
"""

import re

# The wide forms are formulas to spreadsheets too, and a line feed is skipped by some of them.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9 ()./-]*")


def guard(value: str) -> str:
    """Return ``value`` as it is written: with an apostrophe if it begins like a formula and is no plain number."""
    if _FORMULA.match(value) and not _PLAIN_NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def unguard(cell: str) -> str:
    """Return what :func:`guard` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
