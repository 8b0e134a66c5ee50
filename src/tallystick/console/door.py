"""Provide the door: what can be done in a console, and the host's hook that says who may do it.

The hook is asked before anything else, also before it is known whether there is such a sync. It answers with a lasting
name of who is there, which forms are bound to, or with None: no. It may raise Starlette's HTTPException to answer
otherwise, such as with a way to sign in. There is no default: without a hook there is no console.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from inspect import isawaitable, iscoroutinefunction

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tallystick.errors import UsageError


class Action(StrEnum):
    """What somebody wants to do with a sync."""

    LOOK = "look"
    """See states, figures, lists and explanations: ids, names of fields and reasons, no contents."""
    READ = "read"
    """See what stands in records: both versions of a conflict, a record that is to be corrected."""
    PLAN = "plan"
    """Have both sides read, to see what a run would do, or what taking one back would; no contents are shown."""
    RUN = "run"
    """Ask for a run, and have a failed record tried again."""
    CONFIRM = "confirm"
    """Let the next run do, once, what a guard has stopped."""
    CORRECT = "correct"
    """Correct a record on its own side."""
    RESOLVE = "resolve"
    """Settle a conflict."""
    UNDO = "undo"
    """Take a run back."""


Authorise = Callable[[Request, Action, str], str | Awaitable[str | None] | None]
"""A host's hook: given the request, the action and the sync's name, it returns who is there, or None for no."""


async def who_is_there(authorise: Authorise, request: Request, action: Action, sync: str) -> str | None:
    """Ask the hook; one that blocks is asked in a thread. Raises UsageError for an answer that is no name."""
    if iscoroutinefunction(authorise):
        answer = await authorise(request, action, sync)
    else:
        answer = await run_in_threadpool(authorise, request, action, sync)
        if isawaitable(answer):
            answer = await answer
    if answer is None or answer == "":
        return None
    if not isinstance(answer, str):
        raise UsageError(
            "the console's authorisation hook answered with something that is no name",
            where="console",
            remedy="return a lasting name of who is there, or None",
        )
    return answer


async def let_in(authorise: Authorise, request: Request, action: Action, sync: str) -> str:
    """Return who is there; raise HTTPException with 403 where the hook says no."""
    who = await who_is_there(authorise, request, action, sync)
    if who is None:
        raise HTTPException(403, "You may not do this.")
    return who
