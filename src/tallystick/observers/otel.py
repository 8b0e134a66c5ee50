"""Provide the observer for OpenTelemetry: a span for each pass and call, and metrics. It needs the extra ``otel``.

Only the API is used: what becomes of spans and figures is for the SDK that the host has set up, and without one
nothing is. A pass is the current span while it goes on, so that the spans of a host's own transport lie within it.
"""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from datetime import datetime, timedelta

from tallystick.errors import MissingExtra
from tallystick.observers.data import event_data
from tallystick.ports import RunState, Status
from tallystick.sync.events import (
    BatchSent,
    CallFailed,
    Event,
    PageRead,
    RecordsRead,
    Retrying,
    RunEnded,
    RunStarted,
    StepEnded,
)

try:
    from opentelemetry import context, metrics, trace
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, StatusCode
except ModuleNotFoundError:
    raise MissingExtra("traces need the API of OpenTelemetry", remedy="pip install 'tallystick[otel]'") from None

_NAME = "tallystick"
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_CALLS = (PageRead, RecordsRead, BatchSent, CallFailed)

Pass = tuple[Span, "Token[Context]"]


class OtelObserver:
    """Makes a span of each pass and, within it, of each call; counts passes, records, writes, failures and waits.

    One observer serves any number of syncs, in any threads and tasks. Without providers, the global ones are asked.
    """

    def __init__(
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        self._tracer = trace.get_tracer(_NAME, tracer_provider=tracer_provider)
        self._passes: ContextVar[tuple[Pass, ...]] = ContextVar("passes", default=())
        meter = metrics.get_meter(_NAME, meter_provider=meter_provider)
        self._runs = meter.create_histogram("tallystick.run.duration", "s", "How long passes take")
        self._calls = meter.create_histogram("tallystick.call.duration", "s", "How long calls of providers take")
        self._records = meter.create_counter("tallystick.records.read", "{record}", "Records that feeds have shown")
        self._writes = meter.create_counter("tallystick.writes", "{write}", "Writes, by what became of them")
        self._waits = meter.create_counter("tallystick.waits", "s", "Seconds that services have asked to wait")

    def __repr__(self) -> str:
        return "OtelObserver()"

    def __call__(self, event: Event, /) -> None:
        """Take in an event."""
        if isinstance(event, RunStarted):
            self._begin(event)
        elif isinstance(event, RunEnded):
            self._end(event)
        elif isinstance(event, _CALLS):
            self._call(event)
        else:
            self._note(event)

    def _begin(self, event: RunStarted) -> None:
        attributes = _attributes(event)
        span = self._tracer.start_span(f"tallystick {event.doing}", attributes=attributes, start_time=_nanos(event.at))
        token = context.attach(trace.set_span_in_context(span))
        self._passes.set((*self._passes.get(), (span, token)))

    def _end(self, event: RunEnded) -> None:
        state = event.report.state.value if event.report else event.error or RunState.COMPLETE.value
        self._runs.record(event.seconds, {"tallystick.doing": event.doing.value, "tallystick.state": state})
        passes = self._passes.get()
        if not passes:
            return
        *outer, (span, token) = passes
        self._passes.set(tuple(outer))
        span.set_attributes(_attributes(event))
        if event.error or state == RunState.PROBLEM.value:
            span.set_status(StatusCode.ERROR, event.error or state)
        span.end(_nanos(event.at))
        context.detach(token)

    def _call(self, event: PageRead | RecordsRead | BatchSent | CallFailed) -> None:
        where = event.side.label if isinstance(event, PageRead | BatchSent) else event.where
        method = "changes" if isinstance(event, PageRead) else event.method
        self._calls.record(event.seconds, {"tallystick.where": where, "tallystick.method": method})
        if isinstance(event, PageRead):
            self._records.add(event.items, {"tallystick.where": where})
        began = event.at - timedelta(seconds=event.seconds)
        span = self._tracer.start_span(f"{where} {method}", attributes=_attributes(event), start_time=_nanos(began))
        if isinstance(event, CallFailed):
            span.set_status(StatusCode.ERROR, event.error)
        span.end(_nanos(event.at))

    def _note(self, event: Event) -> None:
        if isinstance(event, StepEnded):
            place = {"tallystick.where": event.side.label, "tallystick.kind": event.kind.value}
            self._writes.add(1, {**place, "tallystick.status": event.status.value})
            if event.status is Status.DONE:
                return  # a span holds few events; those that went well are counted
        if isinstance(event, Retrying):
            self._waits.add(event.seconds)
        attributes = _attributes(event)
        trace.get_current_span().add_event(str(attributes.pop("tallystick.event")), attributes, _nanos(event.at))


def _attributes(event: Event) -> dict[str, str | int | float | bool]:
    data: Mapping[str, str | int | float | bool | None] = event_data(event)
    return {f"tallystick.{name}": value for name, value in data.items() if value is not None and name != "at"}


def _nanos(at: datetime) -> int:
    since = at - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
