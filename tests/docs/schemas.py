"""Provide the schemas of settings as they are published; ``python -m tests.docs.schemas --write`` renews them."""

import json
import sys
from pathlib import Path

from tallystick.cli.documents import KINDS
from tallystick.settings import document_schema

FOLDER = Path(__file__).parents[2] / "docs/reference/schemas"


def published() -> dict[str, str]:
    """Return the text of each file by its name."""
    return {f"{name}.json": json.dumps(document_schema(kind), indent=2) + "\n" for name, kind in KINDS.items()}


if __name__ == "__main__" and "--write" in sys.argv:
    FOLDER.mkdir(exist_ok=True)
    for name, text in published().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
