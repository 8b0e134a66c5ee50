"""What the pages say of other people's engines is run as it stands there."""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta

import pytest

from tallystick.fleet.roster import Roster
from tests.docs.test_readme import BLOCK, DOCS
from tests.fleet.town import Town, job_of
from tests.state.servers import own_database

pytestmark = [pytest.mark.engines, pytest.mark.postgresql, pytest.mark.filterwarnings("default")]


@pytest.fixture
def url() -> Iterator[str]:
    """Return a database."""
    with own_database() as url:
        yield url


def test_engines(url: str, town: Town, roster: Roster) -> None:
    """Each engine takes the same roster."""
    from tests.fleet.engines.procrastinate_host import conninfo

    roster.enrol(map(job_of, range(3)), datetime.now(UTC) - timedelta(hours=1))
    text = (DOCS / "how-to" / "fleet-engines.md").read_text(encoding="utf-8").replace("```py\n", "```python\n")
    names: dict[str, object] = {"roster": roster, "conninfo": conninfo(url)}
    blocks = list(BLOCK.finditer(text))
    for block in blocks:
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(block["code"], "fleet-engines.md", "exec"), names)  # noqa: S102
        assert block["output"] in (None, printed.getvalue())

    assert len(blocks) == 3
