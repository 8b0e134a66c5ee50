"""Test a state that is awaited: it opens, refuses and shares as the one that blocks, and bears being cancelled."""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from tallystick.errors import LeaseHeld, LeaseLost, MissingExtra, SettingsError, StateKeyError, StateMoved, UsageError
from tallystick.ports import Commit, Fence, RunRow, RunState, Side
from tallystick.state.sql import SqlState
from tallystick.testing import StateContract, Verdict
from tests.docs.test_readme import BLOCK, DOCS
from tests.state.awaited import cut
from tests.state.samples import KEY, NOON
from tests.state.test_postgresql import check, until, whole

SPAN = timedelta(minutes=5)
# Where the very first use of an engine is cancelled, SQLAlchemy 2.0 leaves its connection to Python to be closed.
LEFT_TO_PYTHON = [
    r"ignore:Exception ignored in. <function BaseConnection\.__del__:pytest.PytestUnraisableExceptionWarning"
] * sa.__version__.startswith("2.0")
_NUMBERS = count()


@pytest.fixture
def prefix() -> str:
    """Return the prefix of tables of this test's own."""
    return f"a{next(_NUMBERS)}_"


@pytest.fixture
def blocking(postgresql: str, prefix: str) -> Iterator[SqlState]:
    """Return a state that blocks, over the same tables."""
    with SqlState(postgresql, key=KEY, prefix=prefix) as state:
        yield state


def awaited(url: Any, **options: Any) -> Any:  # noqa: ANN401 -- a state's
    """Return a state that is awaited."""
    from tallystick.state.sql import AsyncSqlState

    return AsyncSqlState(url, **options)


@pytest.mark.behaviour("TS-09", "TS-10")
@pytest.mark.postgresql
def test_the_contract_holds(postgresql: str) -> None:
    """The awaited state keeps every promise of a state, also once it is opened anew."""
    prefixes: dict[int, str] = {}

    def make() -> Any:  # noqa: ANN401 -- a state
        name = f"a{next(_NUMBERS)}_"
        state = awaited(postgresql, key=KEY, prefix=name)
        prefixes[id(state)] = name
        return state

    def reopen(state: object) -> Any:  # noqa: ANN401 -- a state
        return awaited(postgresql, key=KEY, prefix=prefixes[id(state)])

    contract = StateContract(make, reopen, lambda state: state.close())
    results = contract.check()

    assert [one.verdict for one in results.findings] == [Verdict.HELD] * len(contract.promises), results.table()


@pytest.mark.postgresql
def test_shared_with_one_that_blocks(postgresql: str, prefix: str, blocking: SqlState) -> None:
    """Workers that block and workers that are awaited share one database: they see, fence and refuse each other."""

    async def work() -> None:
        async with awaited(postgresql, key=KEY, prefix=prefix) as state:
            blocking.commit("s", whole(1))
            assert (await state.head("s")).revision == 1
            with pytest.raises(StateMoved):
                await state.commit("s", whole(2, 0))
            await state.commit("s", whole(2, 1))
            lease = blocking.acquire("s", "one", NOON, SPAN)
            with pytest.raises(LeaseHeld):
                await state.acquire("s", "two", NOON, SPAN)
            blocking.acquire("s", "one", NOON, SPAN)
            with pytest.raises(LeaseLost):
                await state.commit("s", attrs.evolve(whole(3, 2), fence=Fence(lease.token, NOON, SPAN)))

    asyncio.run(work())
    check(blocking, 1, 2)


@pytest.mark.postgresql
def test_opened_and_closed(postgresql: str, prefix: str) -> None:
    """The first call opens it, many at once do no harm, a wrong key is refused, and a closed one says so."""

    async def work() -> None:
        state = awaited(postgresql, key=KEY, prefix=prefix)
        opened = await asyncio.gather(*(state.commit(f"s{n}", Commit(run=RunRow(RunState.COMPLETE))) for n in range(5)))
        assert len(opened) == 5
        with pytest.raises(StateKeyError):
            async with awaited(postgresql, key=KEY[::-1], prefix=prefix):
                pytest.fail("it was opened with another key")
        await state.close()
        await state.close()
        with pytest.raises(UsageError, match="closed"):
            await state.head("s0")
        with pytest.raises(UsageError, match="closed"):
            await state.__aenter__()

    asyncio.run(work())


@pytest.mark.postgresql
def test_on_an_engine_of_the_hosts(postgresql: str, prefix: str) -> None:
    """A host's own engine is used, and stays open when the state is closed."""
    from sqlalchemy.ext.asyncio import create_async_engine

    async def work() -> None:
        engine = create_async_engine(postgresql)
        async with awaited(engine, key=KEY, prefix=prefix) as state:
            assert list(await state.syncs()) == []
            assert repr(state).startswith("AsyncSqlState('postgresql://")
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql(f"SELECT COUNT(*) FROM {prefix}syncs")  # noqa: S608
            assert found.scalar_one() == 0
        await engine.dispose()

    asyncio.run(work())


async def was_cut(call: Any, at: int) -> bool:  # noqa: ANN401 -- a coroutine
    """Do a call that is cancelled when it waits for the time ``at``; tell whether it came to that."""
    waits = count(1)
    try:
        await asyncio.ensure_future(cut(call, at, lambda: next(waits)))
    except asyncio.CancelledError:
        return True
    return False


@pytest.fixture
def nothing_left(postgresql: str) -> Iterator[None]:
    """Have it that no transaction goes on in the database at the end."""
    engine = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT")
    asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now()"

    def begun() -> int:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql(asked).scalar_one())

    yield
    until(lambda: begun() == 0)
    engine.dispose()


@pytest.mark.behaviour("TS-09", "TS-03")
@pytest.mark.postgresql
@pytest.mark.parametrize(("what", "least"), [("commit", 15), ("read", 3)])
def test_cancelled_at_each_wait(
    postgresql: str, prefix: str, blocking: SqlState, nothing_left: None, what: str, least: int
) -> None:
    """Wherever a call is cancelled, it is taken whole or not at all, and leaves no connection and no lock behind."""

    async def tried(at: int, taken: int) -> bool:
        async with awaited(postgresql, key=KEY, prefix=prefix) as state:
            fence = Fence(blocking.acquire("s", "one", NOON, SPAN).token, NOON, SPAN)
            if what == "commit":
                ended = await was_cut(state.commit("s", attrs.evolve(whole(taken + 1, taken), fence=fence)), at)
            else:
                ended = await was_cut(state.links("s", Side.LEFT, ["l1"]), at)
            assert state._engine.pool.checkedout() == 0
            # The lease's row is locked by a commit that goes on: after this, the commit is there or will never be.
            blocking.renew("s", fence)
            known = blocking.head("s").revision
            check(blocking, *range(1, known + 1))
            await state.commit("s", whole(known + 1, known))
            return ended

    at = 1
    while asyncio.run(tried(at, blocking.head("s").revision)):
        at += 1

    assert at > least
    check(blocking, *range(1, blocking.head("s").revision + 1))


@pytest.mark.behaviour("TS-09", "TS-03")
@pytest.mark.postgresql
@pytest.mark.filterwarnings(*LEFT_TO_PYTHON)
def test_cancelled_while_it_is_opened(postgresql: str, prefix: str, nothing_left: None) -> None:
    """Wherever the opening is cancelled, the tables are there or not, and the next call opens it."""

    async def tried(at: int) -> bool:
        name = f"{prefix}{at}_"
        state = awaited(postgresql, key=KEY, prefix=name)
        ended = await was_cut(state.head("s"), at)
        assert state._engine.pool.checkedout() == 0
        await state.commit("s", whole(1))
        await state.close()
        with SqlState(postgresql, key=KEY, prefix=name) as blocking:
            check(blocking, 1)
        return ended

    at = 1
    while asyncio.run(tried(at)):
        at += 7

    assert at > 30


@pytest.mark.postgresql
def test_two_tasks(postgresql: str, prefix: str, blocking: SqlState) -> None:
    """Two workers in one loop that take turns as they can write one history; no commit is lost or doubled."""
    written: list[int] = []

    async def worker(state: Any, name: str) -> None:  # noqa: ANN401 -- a state
        while len(written) < 20:
            try:
                lease = await state.acquire("s", name, NOON, SPAN)
            except LeaseHeld:
                await asyncio.sleep(0.002)
                continue
            for _ in range(3):
                revision = (await state.head("s")).revision
                await state.commit("s", attrs.evolve(whole(revision, revision), fence=Fence(lease.token, NOON, SPAN)))
                written.append(revision)
            await state.release("s", lease.token)

    async def work() -> None:
        async with awaited(postgresql, key=KEY, prefix=prefix) as state:
            await asyncio.gather(*(worker(state, f"worker {n}") for n in range(2)))

    asyncio.run(work())
    assert written == [*range(len(written))]
    check(blocking, *written)


@pytest.mark.postgresql
def test_the_loop_goes_on_while_another_holds_the_rows(postgresql: str, prefix: str, blocking: SqlState) -> None:
    """While a commit waits for another worker's, the event loop does other things."""
    blocking.commit("s", whole(1))
    other = sa.create_engine(postgresql).connect()
    other.exec_driver_sql(f"UPDATE {prefix}syncs SET mark = mark")  # noqa: S608

    async def work() -> int:
        async with awaited(postgresql, key=KEY, prefix=prefix, timeout=30) as state:
            commit = asyncio.ensure_future(state.commit("s", whole(2)))
            began, turns = time.monotonic(), 0
            while time.monotonic() < began + 0.2:
                await asyncio.sleep(0.005)
                turns += 1
            assert not commit.done()
            other.rollback()
            await commit
            return turns

    assert asyncio.run(work()) > 5
    check(blocking, 1, 2)
    other.close()
    other.engine.dispose()


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("sqlite:///links.db", "SqliteState"),
        ("postgresql+psycopg2://ada:secret@localhost/x", r"postgresql\+psycopg"),
        ("postgresql+asyncpg://ada:secret@localhost/x", r"postgresql\+psycopg"),
        ("mysql://ada:secret@localhost/x", "cannot be kept in mysql"),
    ],
)
def test_urls_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, url: str, match: str) -> None:
    """What can't be awaited here is refused at once, with what to give instead."""
    with pytest.raises(SettingsError, match=match) as caught:
        awaited(url, key=KEY)

    assert "secret" not in str(caught.value)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without greenlet the import says what to install; the state that blocks goes without."""
    import tallystick.state.sql

    for name in ("async_engines", "async_driver", "async_state"):
        monkeypatch.delitem(sys.modules, f"tallystick.state.sql.{name}", raising=False)
    monkeypatch.delattr(tallystick.state.sql, "AsyncSqlState", raising=False)
    monkeypatch.setitem(sys.modules, "greenlet", None)

    with pytest.raises(MissingExtra, match=r"pip install 'tallystick\[postgresql\]'"):
        awaited("postgresql://ada@localhost/x", key=KEY)
    assert tallystick.state.sql.SqlState is SqlState


@pytest.mark.postgresql
def test_the_page_about_it_runs(postgresql: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page on event loops shows of an awaited state is run as it stands there, and prints what it shows."""
    text = (DOCS / "how-to" / "run-async.md").read_text(encoding="utf-8")
    text = text.replace("postgresql://sync@db.example.com/crm", postgresql).replace("```py\n", "```python\n")
    names: dict[str, object] = {"key": KEY}
    blocks = list(BLOCK.finditer(text))
    for block in blocks:
        exec(compile(block["code"], "run-async.md", "exec", dont_inherit=True), names)  # noqa: S102
        assert block["output"] in (None, capsys.readouterr().out)

    assert any("AsyncSqlState(" in block["code"] for block in blocks)
