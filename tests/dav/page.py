"""The provider that a page of the documentation builds, for servers that the page has not."""

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "sync-a-rest-service.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def names_of_page() -> dict[str, Any]:
    """Run the page, and return the names that it has defined."""
    names: dict[str, Any] = {"__name__": "page"}
    for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        exec(compile(block[1], str(PAGE), "exec", dont_inherit=True), names)  # noqa: S102 -- the page is ours
    return names
