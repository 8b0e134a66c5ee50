"""Execute the Python blocks of the README and of every page of the documentation.

What a page shows in a ``text`` block right below is what the block has to print. Files that a page takes for granted
lie in a folder of its name below :file:`given`.
"""

import io
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tallystick import SqliteState

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GIVEN = Path(__file__).parent / "given"
PAGES = [ROOT / "README.md", *sorted(page for page in DOCS.rglob("*.md") if DOCS / "_build" not in page.parents)]
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$(?:\n\n```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL)


def python_blocks(page: Path) -> Iterator[tuple[str, str | None]]:
    """Yield each block with the output shown below it, pushed down to its line so that a traceback points there."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        yield "\n" * text.count("\n", 0, block.start("code")) + block["code"], block["output"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_of_a_page_run_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of one page tell one story, in a folder of their own, and print what the page shows."""
    given = GIVEN / page.relative_to(ROOT).relative_to("docs" if DOCS in page.parents else ".").with_suffix("")
    if given.is_dir():
        shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # as for a script that is run there
    logger = logging.getLogger("tallystick")
    for name, kept in (("handlers", [*logger.handlers]), ("level", logger.level)):
        monkeypatch.setattr(logger, name, kept)  # put back, whatever a page sets up
    names: dict[str, object] = {"__name__": "__main__"}
    try:
        for block, output in python_blocks(page):
            with redirect_stdout(io.StringIO()) as printed:
                exec(compile(block, str(page), "exec", dont_inherit=True), names)  # noqa: S102
            if output is not None:
                assert output == printed.getvalue()
    except BaseException:
        # A story that ends too soon does not close what it opened.
        for value in names.values():
            if isinstance(value, SqliteState):
                value.close()
        raise


def test_the_pages_that_must_exist_are_among_them() -> None:
    """A page that moved would otherwise no longer be executed, and nobody would see it."""
    names = {page.relative_to(ROOT).as_posix() for page in PAGES}

    assert names >= {
        "README.md",
        "docs/index.md",
        "docs/contributing.md",
        "docs/tutorial/first-sync.md",
        "docs/tutorial/markdown-cards.md",
        "docs/how-to/make-a-profile.md",
        "docs/how-to/own-records.md",
        "docs/how-to/run-async.md",
        "docs/how-to/watch-it.md",
        "docs/how-to/write-a-provider.md",
    }
