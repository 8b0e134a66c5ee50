"""Test a state in PostgreSQL against a server that fails, and against workers that do: a commit is taken once, or not.

Every commit here puts in what belongs together: a link, a parked row, a batch, a run and the cursors.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from tallystick.errors import CommitUnknown, LeaseHeld, LeaseLost, StateUnwritable
from tallystick.ports import Commit, Fence, RunRow, RunState, Side, State
from tallystick.state.sql import SqlState
from tests.state.awaited import AwaitedState
from tests.state.cutting_proxy import Cut, CuttingProxy
from tests.state.samples import KEY, NOON, a_batch, a_link, a_row
from tests.state.servers import RESTART, restarted

pytestmark = pytest.mark.postgresql

SPAN = timedelta(minutes=5)
STEPS = 17
"""At least as many as a commit has statements."""


def whole(n: int, revision: int | None = None) -> Commit:
    """Return the commit number ``n``, of one thing of each kind."""
    return Commit(
        revision,
        {"cursors": (str(n), str(n))},
        links=[a_link(f"l{n}", f"r{n}")],
        parked=[a_row(f"p{n}", keys=(b"k%d" % n,))],
        opened=[a_batch(f"t{n}")],
        run=RunRow(RunState.SYNCING, synced=n),
    )


def check(state: State, *taken: int) -> None:
    """Hold all that the state has against the commits that were taken, each of them whole and once."""
    head = state.head("s")
    assert (head.revision, head.links) == (len(taken), len(taken))
    assert sorted(one for one, _, _ in state.marks("s", Side.LEFT)) == sorted(f"l{n}" for n in taken)
    assert sorted(row.id for row in state.parked_list("s")) == sorted(f"p{n}" for n in taken)
    assert len(state.parked_sharing("s", [b"k%d" % n for n in taken])) == len(taken)
    assert [batch.intents[0].token for batch in state.batches("s")] == [f"t{n}" for n in taken]
    assert [run.synced for run in state.runs("s")] == [*reversed(taken)]


def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    for _ in range(500):
        if happened():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen")


@attrs.define
class Meddler:
    """Does something to the connection of a state at one of its statements, counted from 1; ``at`` 0 is never."""

    act: Callable[[sa.Connection], None]
    at: int = 0
    seen: list[str] = attrs.field(factory=list)
    failed: list[str] = attrs.field(factory=list)

    def note(self, context: sa.ExceptionContext) -> None:
        """Be told of an error that the server has answered."""
        self.failed.append(getattr(context.original_exception, "sqlstate", None) or "")

    def __call__(self, connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        """Be told of a statement that is about to be sent."""
        self.seen.append(statement)
        if len(self.seen) == self.at:
            self.act(connection)

    def arm(self, at: int) -> None:
        """Strike at the statement of this number from now."""
        self.seen.clear()
        self.at = at


@attrs.define
class Kind:
    """A state that blocks, or one that is awaited, on an engine of the test's own."""

    awaited: bool

    def engine(self, url: str | sa.URL, **options: Any) -> Any:  # noqa: ANN401 -- either kind of engine
        """Return an engine."""
        from sqlalchemy.ext.asyncio import create_async_engine

        return create_async_engine(url, **options) if self.awaited else sa.create_engine(url, **options)

    @contextmanager
    def state(self, engine: Any, **options: Any) -> Iterator[Any]:  # noqa: ANN401 -- either kind
        """Have a state on an engine, which is disposed of at the end."""
        with (AwaitedState if self.awaited else SqlState)(engine, key=KEY, **options) as state:
            yield state
        if not self.awaited:
            engine.dispose()


@pytest.fixture(params=["blocking", "awaited"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Return each kind of state."""
    return Kind(request.param == "awaited")


@contextmanager
def meddled(
    kind: Kind,
    url: str,
    act: Callable[[sa.Connection], None],
    **options: Any,  # noqa: ANN401 -- a state's
) -> Iterator[tuple[Any, Meddler]]:
    """Have a state whose statements can be meddled with."""
    engine = kind.engine(url)
    meddler = Meddler(act)
    heard = getattr(engine, "sync_engine", engine)
    sa.event.listen(heard, "before_cursor_execute", meddler)
    sa.event.listen(heard, "handle_error", meddler.note)
    with kind.state(engine, **options) as state:
        yield state, meddler


@pytest.fixture
def prefix() -> str:
    """Return the prefix of tables of this test's own."""
    return f"f{next(_NUMBERS)}_"


_NUMBERS = count()


@pytest.fixture
def killer(postgresql: str) -> Iterator[Callable[[sa.Connection], None]]:
    """Return a function that ends the server's end of a connection."""
    engine = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT")

    def kill(connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        with engine.connect() as own:
            own.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": driver.info.backend_pid})

    yield kill
    engine.dispose()


def test_terminated_at_each_step(
    kind: Kind, postgresql: str, prefix: str, killer: Callable[[sa.Connection], None]
) -> None:
    """Whichever statement of a commit the server ends the connection at, the commit is taken once, and whole."""
    with meddled(kind, postgresql, killer, prefix=prefix) as (state, meddler):
        taken: list[int] = []
        struck: list[str] = []
        for step in range(1, STEPS + 1):
            fence = Fence(state.acquire("s", "one", NOON, SPAN).token, NOON, SPAN)
            meddler.arm(step)
            answer = state.commit("s", attrs.evolve(whole(step, step - 1), fence=fence))
            struck += meddler.seen[step - 1 : step]
            taken.append(step)
            assert answer.head == state.head("s")
            assert answer.head.revision == step
        check(state, *taken)
        assert "COMMIT" in struck
        assert struck[0].startswith("BEGIN")
        assert any("runs" in statement for statement in struck)


def test_terminated_while_reading(
    kind: Kind, postgresql: str, prefix: str, killer: Callable[[sa.Connection], None]
) -> None:
    """A read whose connection the server has ended is made again."""
    with meddled(kind, postgresql, killer, prefix=prefix) as (state, meddler):
        state.commit("s", whole(1))
        for step in range(1, 5):
            meddler.arm(step)
            assert len(state.links("s", Side.LEFT, ["l1"])) == 1
            meddler.arm(step)
            check(state, 1)


def test_terminated_again_and_again(
    kind: Kind, postgresql: str, prefix: str, killer: Callable[[sa.Connection], None]
) -> None:
    """A commit that fails each time is given up, says so, and has written nothing."""

    def strike(connection: sa.Connection) -> None:
        killer(connection)
        meddler.arm(5)

    with meddled(kind, postgresql, strike, prefix=prefix) as (state, meddler):
        meddler.arm(5)
        with pytest.raises(StateUnwritable, match="the connection to the database was lost") as caught:
            state.commit("s", whole(1))
        meddler.arm(0)

        assert caught.value.retryable
        check(state)


@pytest.mark.skipif(RESTART not in os.environ, reason=f"needs {RESTART}, which .ci/with-postgresql gives")
@pytest.mark.parametrize("step", [4, "COMMIT"])
def test_restarted_in_mid_commit(kind: Kind, postgresql: str, prefix: str, step: int | str) -> None:
    """A server that is stopped at once in the middle of a commit, and comes back, has taken it once."""

    def strike(connection: sa.Connection) -> None:
        restarted()

    with meddled(kind, postgresql, strike, prefix=prefix) as (state, meddler):
        meddler.arm(0)
        state.commit("s", whole(1))
        meddler.arm(meddler.seen.index("COMMIT") + 1 if isinstance(step, str) else step)
        state.commit("s", whole(2))
        check(state, 1, 2)


@contextmanager
def proxied(
    kind: Kind,
    url: str,
    folder: Path,
    **options: Any,  # noqa: ANN401 -- a state's
) -> Iterator[tuple[Any, CuttingProxy]]:
    """Have a state in the same database, by way of a proxy, for which a COMMIT is a COMMIT each time."""
    parsed = sa.make_url(url)
    proxy = CuttingProxy(folder, str(parsed.query["host"]))
    unprepared = {"prepare_threshold": None}
    engine = kind.engine(parsed.set(query={"host": str(folder)}), connect_args=unprepared)
    with kind.state(engine, **options) as state:
        yield state, proxy
    proxy.close()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_answer_lost(kind: Kind, postgresql: str, prefix: str, tmp_path: Path, cut: Cut) -> None:
    """Where the answer to a COMMIT is lost, the state finds out whether it was taken, and it is taken once."""
    with proxied(kind, postgresql, tmp_path, prefix=prefix) as (state, proxy):
        state.commit("s", whole(1))
        proxy.arm(cut)
        answer = state.commit("s", whole(2, 1))

        assert proxy.cuts == 1
        assert answer.head == state.head("s")
        check(state, 1, 2)
        proxy.arm(cut)
        lease = state.acquire("s", "one", NOON, SPAN)
        assert proxy.cuts == 2
        state.commit("s", attrs.evolve(whole(3, 2), fence=Fence(lease.token, NOON, SPAN)))


@pytest.mark.parametrize(("cut", "taken"), [("before", [1]), ("after", [1, 2])])
def test_answer_lost_for_good(
    kind: Kind, postgresql: str, prefix: str, tmp_path: Path, cut: Cut, taken: list[int]
) -> None:
    """Where the server does not come back in time, a run is told that nobody knows; the next one finds out."""
    with proxied(kind, postgresql, tmp_path, prefix=prefix, timeout=0.5) as (state, proxy):
        state.commit("s", whole(1))
        proxy.arm(cut, closed=True)
        with pytest.raises(CommitUnknown, match="before it said") as caught:
            state.commit("s", whole(2, 1))

        assert caught.value.retryable
        with SqlState(postgresql, key=KEY, prefix=prefix) as later:
            lease = later.acquire("s", "one", NOON, SPAN)
            check(later, *taken)
            later.commit("s", attrs.evolve(whole(3, len(taken)), fence=Fence(lease.token, NOON, SPAN)))
            check(later, *taken, 3)


def test_deadlock(kind: Kind, postgresql: str, prefix: str) -> None:
    """A commit that the server undoes to end a deadlock is made again."""
    watching = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT")

    def asked(question: str) -> int:
        with watching.connect() as connection:
            return int(connection.exec_driver_sql(question).scalar_one())

    def cross() -> None:
        with watching.connect() as connection:
            connection.exec_driver_sql("BEGIN; SET LOCAL deadlock_timeout = '20s'")
            connection.exec_driver_sql(f"LOCK TABLE {prefix}links IN EXCLUSIVE MODE")
            connection.exec_driver_sql(f"UPDATE {prefix}syncs SET mark = mark")  # noqa: S608
            connection.exec_driver_sql("COMMIT")

    def strike(connection: sa.Connection) -> None:
        # The commit has locked the head. The other has the links and wants the head; the commit will want the links.
        other.start()
        until(lambda: asked("SELECT COUNT(*) FROM pg_locks WHERE NOT granted"))

    other = threading.Thread(target=cross)
    with meddled(kind, postgresql, strike, prefix=prefix) as (state, meddler):
        state.commit("s", whole(1))
        meddler.arm(0)
        state.commit("s", whole(2))
        links = [text.startswith(f"INSERT INTO {prefix}links") for text in meddler.seen]
        meddler.arm(links.index(True) + 1)
        state.commit("s", whole(3, 2))
        other.join()

        check(state, 1, 2, 3)
    assert {*meddler.failed} == {"40P01"}
    watching.dispose()


def test_another_holds_the_rows(postgresql: str, prefix: str) -> None:
    """A commit waits for another that hangs, and then says so; it can be tried again."""
    other = sa.create_engine(postgresql).connect()
    with SqlState(postgresql, key=KEY, prefix=prefix, timeout=0.1) as state:
        state.commit("s", whole(1))
        other.exec_driver_sql(f"UPDATE {prefix}syncs SET mark = mark")  # noqa: S608
        with pytest.raises(StateUnwritable, match=r"another worker holds it .55P03") as caught:
            state.commit("s", whole(2))
        assert caught.value.retryable
        other.rollback()
        state.commit("s", whole(2))
        check(state, 1, 2)
    other.close()
    other.engine.dispose()


def test_two_workers(postgresql: str, prefix: str) -> None:
    """Two workers that take turns as they can write one history, and none of their commits is lost or doubled."""
    written: list[int] = []
    with ExitStack() as stack:
        states = [stack.enter_context(SqlState(postgresql, key=KEY, prefix=prefix)) for _ in range(2)]

        def work(state: SqlState, name: str) -> None:
            while len(written) < 20:
                try:
                    lease = state.acquire("s", name, NOON, SPAN)
                except LeaseHeld:
                    time.sleep(0.002)
                    continue
                for _ in range(3):
                    revision = state.head("s").revision
                    state.commit("s", attrs.evolve(whole(revision, revision), fence=Fence(lease.token, NOON, SPAN)))
                    written.append(revision)
                state.release("s", lease.token)

        threads = [threading.Thread(target=work, args=(state, f"worker {n}")) for n, state in enumerate(states)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert written == [*range(len(written))]
        check(states[0], *written)


def test_syncs_side_by_side(postgresql: str, prefix: str) -> None:
    """Commits of different syncs that name the same new layout at once are all taken."""
    with SqlState(postgresql, key=KEY, prefix=prefix) as state:
        threads = [
            threading.Thread(target=lambda n=n: [state.commit(f"s{n}", whole(k)) for k in range(8)]) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [state.head(f"s{n}").links for n in range(4)] == [8] * 4
        numbers = [
            link.number for n in range(4) for link in state.links(f"s{n}", Side.LEFT, [f"l{k}" for k in range(8)])
        ]
        assert len({*numbers}) == 32


WORKER = """
import sys
from datetime import UTC, datetime, timedelta
from tallystick.errors import TallystickError
from tallystick.ports import Commit, Fence
from tallystick.state.sql import SqlState

NOW, SPAN = datetime(2026, 3, 1, tzinfo=UTC), timedelta(seconds=1)
with SqlState(sys.argv[1], key=bytes(range(32)), prefix=sys.argv[2]) as state:
    lease = state.acquire("s", "slow", NOW, SPAN)
    state.commit("s", Commit(0, {"cursors": ("a", "a")}, fence=Fence(lease.token, NOW, SPAN)))
    print("at work", flush=True)
    sys.stdin.readline()
    try:
        state.commit("s", Commit(None, {"cursors": ("slow", "slow")}, fence=Fence(lease.token, NOW, SPAN)))
    except TallystickError as error:
        print(error.code, flush=True)
    else:
        print("written", flush=True)
"""


def test_stopped_past_its_lease(postgresql: str, prefix: str) -> None:
    """A process that is stopped past its lease, while another takes over, is refused when it goes on."""
    command = [sys.executable, "-c", WORKER, postgresql, prefix]
    with (
        SqlState(postgresql, key=KEY, prefix=prefix) as state,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as slow,
    ):
        assert slow.stdin is not None
        assert slow.stdout is not None
        assert slow.stdout.readline() == "at work\n"
        slow.send_signal(signal.SIGSTOP)
        time.sleep(1.1)
        lease = state.acquire("s", "quick", NOON, SPAN)
        state.commit("s", Commit(1, {"cursors": ("b", "b")}, fence=Fence(lease.token, NOON, SPAN)))
        slow.send_signal(signal.SIGCONT)
        slow.stdin.write("\n")
        slow.stdin.close()

        assert slow.stdout.readline() == "lease_lost\n"
        assert state.head("s").cursors == ("b", "b")
        assert state.head("s").revision == 2


def test_stopped_within_a_commit(kind: Kind, postgresql: str, prefix: str) -> None:
    """A worker that stops in the middle of a commit keeps its locks for a while only, and is refused afterwards."""
    short = timedelta(seconds=1)

    def taken_over() -> bool:
        try:
            lease = other.acquire("s", "quick", NOON, SPAN)
        except LeaseHeld:
            return False
        other.commit("s", attrs.evolve(whole(2, 1), fence=Fence(lease.token, NOON, SPAN)))
        return True

    with (
        meddled(kind, postgresql, lambda connection: until(taken_over), prefix=prefix) as (state, meddler),
        SqlState(postgresql, key=KEY, prefix=prefix) as other,
    ):
        of = state.state if kind.awaited else state
        short_lived = of._database.writing.replace("session_timeout = 60000", "session_timeout = 300")
        assert "session_timeout = 300" in short_lived
        of._database = attrs.evolve(of._database, writing=short_lived)
        lease = state.acquire("s", "slow", NOON, short)
        state.commit("s", whole(1))
        meddler.arm(6)
        with pytest.raises(LeaseLost):
            state.commit("s", attrs.evolve(whole(3, 1), fence=Fence(lease.token, NOON, short)))

        assert len(meddler.seen) > 6, "it was not stopped"
        check(other, 1, 2)
