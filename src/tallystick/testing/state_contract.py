"""Provide the state's contract: every promise of :class:`tallystick.ports.State`, tried on an empty state each."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import attrs

from tallystick.ports import Commit, Side, State
from tallystick.sync.driver import is_async
from tallystick.testing.awaiting import Loop
from tallystick.testing.check import Check, chosen, found, require, require_names
from tallystick.testing.results import Finding, Results, Verdict
from tallystick.testing.state_checks import STATE_CHECKS, SYNC, a_link

_LASTS = "what was committed lasts"


@attrs.frozen
class StateContract:
    """The contract of a state, blocking or awaited.

    ``make`` returns a new, empty state. ``reopen`` returns what a new process would open after the one it is given;
    without it nobody knows whether the state lasts. ``close`` is called with every state once it is done with.
    """

    make: Callable[[], Any]
    reopen: Callable[[Any], Any] | None = None
    close: Callable[[Any], object] | None = None

    @property
    def promises(self) -> Sequence[str]:
        """The names of the checks."""
        return [*(check.name for check in STATE_CHECKS), _LASTS]

    def check(self, only: Iterable[str] = ()) -> Results:
        """Try every promise, or those that are named, and return what was found."""
        names = require_names(only, self.promises)
        with ExitStack() as stack:
            first = self.make()
            loop = stack.enter_context(Loop()) if is_async(first) else None
            self._let_go(stack, loop, first)

            def begin() -> State:
                state = self.make()
                self._let_go(stack, loop, state)
                return self._blocking(loop, state)

            findings = found(chosen(STATE_CHECKS, names), begin, None)
            if not names or _LASTS in names:
                findings.append(self._lasts(stack, loop))
            return Results(type(first).__name__, findings)

    def _lasts(self, stack: ExitStack, loop: Loop | None) -> Finding:
        promise = "a new process finds what was committed"
        if self.reopen is None:
            return Finding(_LASTS, promise, Verdict.UNTRIED, "nothing says how it is opened anew")
        reopen = self.reopen

        def lasts(_: object) -> None:
            state = self.make()
            self._let_go(stack, loop, state)
            self._blocking(loop, state).commit(SYNC, Commit(links=[a_link(1)], head={"initial": False}))
            again = reopen(state)
            self._let_go(stack, loop, again)
            found_ = self._blocking(loop, again)
            require(len(found_.links(SYNC, Side.LEFT, ["l1"])) == 1, "a link is gone once the state is opened anew")
            require(not found_.head(SYNC).initial, "the head is a fresh one once the state is opened anew")

        return Check[object, None](_LASTS, promise, lasts).find(object, None)

    def _blocking(self, loop: Loop | None, state: Any) -> State:  # noqa: ANN401 -- a state of either kind
        blocking: State = loop.blocking(state) if loop else state
        return blocking

    def _let_go(self, stack: ExitStack, loop: Loop | None, state: Any) -> None:  # noqa: ANN401 -- a state of either kind
        close = self.close
        if close is not None:
            stack.callback(lambda: loop.result(close(state)) if loop else close(state))
