"""The observers that are ready-made: logging, OpenTelemetry, a progress bar, and events as data."""

import importlib
import io
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from rich.console import Console

from tallystick import Side
from tallystick.errors import MissingExtra, Unavailable
from tallystick.observers import Event, LogObserver, PageRead, Planned, event_data, event_line
from tallystick.observers.otel import OtelObserver
from tallystick.observers.progress import ProgressObserver
from tallystick.ports import WriteKind
from tests.observers.test_events import Heard, watched
from tests.simulation.awaited import AwaitedWorld
from tests.simulation.world import World

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)


def all_events() -> Heard:
    """Return what a few runs tell, in which much goes wrong."""
    world = World()
    heard = watched(world)
    world.crm.entries.faults.throttle(1)
    world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
    world.run()
    world.outlook.contacts.faults.fail("changes", Unavailable("down"), times=1)
    world.run()
    return heard


def test_every_event_is_data_and_a_line() -> None:
    """Every event can be written as JSON and as one line, with side and kind by name."""
    for event in all_events():
        data = event_data(event)
        assert json.loads(json.dumps(data)) == data
        assert data["sync"] == "simulated"
        assert "\n" not in event_line(event)

    page = PageRead("ada", AT, Side.LEFT, items=20, unlisted=0, complete=False, seconds=0.5)
    plan = Planned("ada", AT, {(Side.RIGHT, WriteKind.CREATE): 2}, pairs=7, initial=False)
    assert event_line(page) == "page read: sync=ada side=left items=20 unlisted=0 complete=False seconds=0.5"
    assert event_line(plan) == "planned: sync=ada steps.right.create=2 pairs=7 initial=False"


def test_an_event_that_is_yet_to_come_is_data_too() -> None:
    """An observer of today takes in what a later release tells."""

    @attrs.frozen
    class NewlyTold(Event):
        sides: tuple[int, int]
        since: datetime

    assert event_data(NewlyTold("ada", AT, (1, 2), AT)) == {
        "event": "newly_told",
        "sync": "ada",
        "at": AT.isoformat(),
        "sides.left": 1,
        "sides.right": 2,
        "since": AT.isoformat(),
    }


def test_the_log_has_a_level_for_everything(caplog: pytest.LogCaptureFixture) -> None:
    """Begin and end are worth an INFO, trouble a WARNING, what a person must look at an ERROR; the rest is DEBUG."""
    world = World()
    watched(world)
    world.observers = [LogObserver()]
    world.crm.entries.faults.throttle(1)
    world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
    with caplog.at_level(logging.DEBUG, logger="tallystick"):
        world.run()

    levels = {record.getMessage().partition(":")[0]: record.levelname for record in caplog.records}
    assert levels["run started"] == levels["planned"] == levels["retrying"] == "INFO"
    assert levels["call failed"] == levels["run ended"] == "WARNING"
    assert levels["page read"] == levels["matched"] == levels["batch sent"] == "DEBUG"
    data = [(record.levelname, vars(record)["tallystick"]) for record in caplog.records]
    steps = {(level, told["status"]) for level, told in data if told["event"] == "step_ended"}
    assert steps == {("WARNING", "refused"), ("DEBUG", "done")}
    assert repr(LogObserver()) == "LogObserver('tallystick')"


def test_a_raised_error_is_logged_as_one() -> None:
    """A pass that raises is an ERROR; a logger of the host's own may be given."""
    world, lines = World(), io.StringIO()
    logger = logging.getLogger("the host's own")
    logger.addHandler(logging.StreamHandler(lines))
    logger.setLevel(logging.ERROR)
    world.observers = [LogObserver(logger)]
    world.outlook.contacts.faults.fail("changes", Unavailable("down"), times=1)
    with pytest.raises(Unavailable):
        world.sync().plan()

    assert lines.getvalue() == "run ended: sync=simulated doing=plan run=0 seconds=0.0 error=unavailable\n"


def test_the_library_is_silent_unless_it_is_listened_to() -> None:
    """Without a handler of the host's nothing is written, not even of an observer that fails."""
    code = """
import tallystick as ts
from tallystick.observers import LogObserver
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook
def broken(event): raise ZeroDivisionError
parts = dict(left=FakeOutlook().contacts, right=FakeCrm().entries, state=ts.MemoryState())
profile = maximizer.contacts(favourite_list="Clients")
ts.Sync("s", profile=profile, observers=[broken, LogObserver()], **parts).run()
"""
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == ("", "")


class Traced:
    """An observer for OpenTelemetry with an SDK that remembers."""

    def __init__(self) -> None:
        self.exported, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exported))
        self.observer = OtelObserver(tracer_provider=self.tracers, meter_provider=MeterProvider([self.reader]))

    def spans(self) -> list[ReadableSpan]:
        """Return the spans in the order of their ends."""
        return list(self.exported.get_finished_spans())

    def points(self, name: str) -> list[Any]:
        """Return the points of a metric."""
        data = self.reader.get_metrics_data()
        assert data is not None
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


@pytest.mark.parametrize("made", [World, AwaitedWorld])
def test_a_pass_is_a_span_with_its_calls_within(made: type[World]) -> None:
    """Each run is one trace: a span of the run, spans of its calls, at the times of the sync's own clock."""
    world, traced = made(), Traced()
    watched(world)
    world.observers = [traced.observer]
    world.crm.entries.faults.throttle(1)
    world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
    before = world.clock.now()
    report = world.run()

    *calls, run = traced.spans()
    assert run.name == "tallystick run"
    assert run.attributes is not None
    assert run.attributes["tallystick.run"] == report.run
    assert run.attributes["tallystick.written"] == report.written() == 2
    assert run.start_time == int(before.timestamp()) * 10**9 + before.microsecond * 1000
    assert run.parent is None
    assert all(span.parent == run.context for span in calls)
    assert {span.name for span in calls} >= {"left changes", "right changes", "right search", "right create"}
    (failed,) = (span for span in calls if span.status.status_code is StatusCode.ERROR)
    assert failed.status.description == "throttled"
    assert [event.name for event in run.events] == ["retrying", "matched", "planned", "step_ended"]
    assert not trace.get_current_span().get_span_context().is_valid


def test_figures_are_counted_without_names() -> None:
    """Metrics say how many and how long, by side and outcome, and never whose."""
    world, traced = World(), Traced()
    watched(world)
    world.observers = [traced.observer]
    world.crm.entries.faults.throttle(1)
    world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
    world.run()

    writes = {point.attributes["tallystick.status"]: point.value for point in traced.points("tallystick.writes")}
    assert writes == {"done": 2, "refused": 1}
    assert sum(point.value for point in traced.points("tallystick.records.read")) == 3
    (run,) = traced.points("tallystick.run.duration")
    assert dict(run.attributes) == {"tallystick.doing": "run", "tallystick.state": "warning"}
    assert sum(point.count for point in traced.points("tallystick.call.duration")) > 4
    assert traced.points("tallystick.waits")[0].value > 0
    kinds = ("tallystick.writes", "tallystick.records.read", "tallystick.call.duration")
    names = {key for kind in kinds for point in traced.points(kind) for key in point.attributes}
    assert "tallystick.sync" not in names


def test_a_pass_that_raises_is_a_span_in_error() -> None:
    """A pass that raises ends its span in error, and leaves no span current."""
    world, traced = World(), Traced()
    world.observers = [traced.observer]
    world.outlook.contacts.faults.fail("changes", Unavailable("down"), times=1)
    outer = traced.tracers.get_tracer("host").start_span("host's own")
    with trace.use_span(outer, end_on_exit=True):
        with pytest.raises(Unavailable):
            world.sync().plan()
        assert trace.get_current_span() is outer

    named = {span.name: span for span in traced.spans()}
    plan, failed = named["tallystick plan"], named["left changes"]
    assert (plan.status.status_code, plan.status.description) == (StatusCode.ERROR, "unavailable")
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "unavailable")
    assert plan.parent == outer.get_span_context()
    assert failed.parent == plan.context


def test_without_an_sdk_nothing_is_traced() -> None:
    """The API alone is enough for a run; what it is told goes nowhere."""
    world = World()
    watched(world)
    world.observers = [OtelObserver()]

    assert world.run().written() == 3


@pytest.mark.parametrize(("module", "library"), [("otel", "opentelemetry"), ("progress", "rich.console")])
def test_an_extra_that_is_missing_is_named(module: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its library an observer says which extra to install."""
    monkeypatch.delitem(sys.modules, f"tallystick.observers.{module}")
    monkeypatch.setitem(sys.modules, library, None)  # what importing a missing module looks like

    with pytest.raises(MissingExtra, match="pip install 'tallystick"):
        importlib.import_module(f"tallystick.observers.{module}")


def drawn(*, terminal: bool, transient: bool = False, fails: bool = False) -> str:
    """Return what is drawn of a run."""
    world, screen = World(), io.StringIO()
    watched(world)
    world.observers = [ProgressObserver(Console(file=screen, force_terminal=terminal, width=80), transient=transient)]
    if fails:
        world.outlook.contacts.faults.fail("changes", Unavailable("down"), times=1)
    world.run()
    return screen.getvalue()


def test_progress_is_drawn_on_a_terminal() -> None:
    """A bar for what is read and one for what is written, each with its count; nothing without a terminal."""
    lines = [line.split() for line in drawn(terminal=True).splitlines() if "Write" in line]

    assert lines[-1][0].endswith("Write")
    assert "3" in " ".join(lines[-1])
    assert drawn(terminal=False) == ""


def test_progress_ends_with_a_run_that_fails() -> None:
    """A run that can't read shows no bar for writing, and leaves the screen in order."""
    screen = drawn(terminal=True, fails=True)

    assert "Read" in screen
    assert "Write" not in screen
    assert screen.endswith("\x1b[?25h")  # the cursor is shown again
