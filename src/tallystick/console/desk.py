"""Provide the desk: what a console is made of, and the letting in of a request, which is a visit from then on.

A look needs the hook's word for the action. What writes needs, besides, that a page of this console asked for it, by a
form that was made for this very person. Only then is it told whether there is such a sync.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import tzinfo
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import attrs
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tallystick.console.door import Action, Authorise, let_in, who_is_there
from tallystick.console.forgery import Seal, refuse_embedding, refuse_other_sites
from tallystick.console.forms import Form, read_form
from tallystick.console.links import link
from tallystick.console.words import CONNECTIONS, NOTICES, STANDINGS
from tallystick.ports import Clock
from tallystick.reconcile.reasons import KIND_WORDS
from tallystick.sync import Sync

AnySync = Sync[Any, Any]

TOKEN = "token"
SYNC = "sync"
DONE = "done"
_VERSION = version("tallystick")
_FORBIDDEN = (403, 404)

P = ParamSpec("P")
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Desk:
    """What a console is made of; see :func:`tallystick.console.console` for what each is."""

    syncs: Mapping[str, AnySync]
    authorise: Authorise
    seal: Seal
    clock: Clock
    zone: tzinfo
    labels: tuple[str, str]
    origins: Collection[str]
    title: str
    templates: Environment

    async def looks(self, request: Request, action: Action) -> "Visit":
        """Let in a request that looks at one sync, or raise HTTPException."""
        refuse_embedding(request)
        name = request.query_params.get(SYNC, "")
        who = await let_in(self.authorise, request, action, name)
        return self.visit(request, who, name)

    async def writes(self, request: Request, action: Action, *shows: Action) -> tuple["Visit", Form]:
        """Let in a form that has something written, or raise HTTPException; ``shows`` are what its answer may show."""
        refuse_other_sites(request, self.origins)
        name = request.query_params.get(SYNC, "")
        for shown in shows:
            await let_in(self.authorise, request, shown, name)
        who = await let_in(self.authorise, request, action, name)
        form = await read_form(request)
        if not self.seal.holds(form.one(TOKEN), who, self.clock.now()):
            raise HTTPException(403, "This form is too old, or was made for somebody else: load its page again.")
        return self.visit(request, who, name), form

    async def all_seen(self, request: Request) -> list[tuple[str, str]]:
        """Return every sync that may be looked at, by name, with who is there; raise HTTPException for none.

        None is made for that. A hook that forbids one of them leaves the others.
        """
        refuse_embedding(request)
        found = []
        for name in self.syncs:
            try:
                who = await who_is_there(self.authorise, request, Action.LOOK, name)
            except HTTPException as error:
                if error.status_code not in _FORBIDDEN:
                    raise
                continue
            if who is not None:
                found.append((name, who))
        if not found:
            raise HTTPException(403, "There is nothing here that you may see.")
        return found

    def page(self, request: Request, template: str, *, code: int = 200, **values: object) -> Response:
        """Return a page; values are escaped, whatever they are."""

        def to(page: str, **query: object) -> str:
            return link(request, page, **query)

        text = self.templates.get_template(template).render(
            to=to,
            zone=self.zone,
            now=self.clock.now(),
            labels=self.labels,
            title=self.title,
            version=_VERSION,
            signs=self.templates.get_template("signs.html").module,
            look_of=STANDINGS,
            kind_words=KIND_WORDS,
            connection_look=CONNECTIONS,
            notice=NOTICES.get(request.query_params.get(DONE, ""), ""),
            **values,
        )
        return HTMLResponse(text, code)

    def visit(self, request: Request, who: str, name: str) -> "Visit":
        """Return the visit of somebody who was let in; raise HTTPException with 404 where there is no such sync."""
        try:
            sync = self.syncs[name]
        except KeyError:
            raise HTTPException(404, "There is no such sync.") from None
        return Visit(self, request, who, name, sync)


@attrs.frozen
class Visit:
    """A request that was let in: by whom it is, and which sync it is about."""

    desk: Desk
    request: Request
    who: str
    name: str
    sync: AnySync

    async def may(self, action: Action) -> bool:
        """Tell whether the same person may do something else, too, so that a page offers it."""
        try:
            return await who_is_there(self.desk.authorise, self.request, action, self.name) == self.who
        except HTTPException:  # the hook's own way to say no: the page that was asked for may be seen all the same
            return False

    async def ask(
        self, blocking: Callable[P, T], awaited: Callable[P, Awaitable[T]], *args: P.args, **named: P.kwargs
    ) -> T:
        """Ask the sync by one of two methods that do the same: in a thread what blocks, else awaited."""
        if self.sync.blocks:
            return await run_in_threadpool(blocking, *args, **named)
        return await awaited(*args, **named)

    def query(self, name: str) -> str:
        """Return what the address says of a name, empty where it says nothing."""
        return self.request.query_params.get(name, "")

    def page(self, template: str, *, code: int = 200, **values: object) -> Response:
        """Return a page about the sync, with a token for its forms."""
        token = self.desk.seal.token(self.who, self.desk.clock.now())
        return self.desk.page(self.request, template, code=code, who=self.who, sync=self.name, token=token, **values)

    def go(self, page: str, done: str = "", **query: object) -> Response:
        """Send the browser on to another page, which says what was done."""
        return RedirectResponse(link(self.request, page, sync=self.name, **query, done=done), 303)
