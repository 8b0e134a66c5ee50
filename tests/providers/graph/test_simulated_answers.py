"""What the simulated service answers is what Graph's own metadata allows; it lies where TALLYSTICK_SAMPLES says."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick.records import INBOX, EmailAddress
from tallystick.testing.graph import GraphService, Request, Response
from tests.providers.graph.test_series import CANCELLED, MOVED, NAMED, TIMED
from tests.providers.graph.worlds import contact, draft, event, served, task

ADA = EmailAddress("ada@example.com", "Ada")
Check = Callable[[object, str], list[tuple[str, str]]]


@pytest.fixture(scope="module")
def check() -> Check:
    """Return the check of an object against the metadata, which lies beside the samples."""
    folder = os.environ.get("TALLYSTICK_SAMPLES")
    path = Path(folder or "").parent / "tools" / "csdl_validate.py"
    if folder is None or not path.exists():
        pytest.skip("TALLYSTICK_SAMPLES names no folder with a validator beside it")
    spec = importlib.util.spec_from_file_location("csdl_validate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Check = module.check
    return found


def ask(service: GraphService, method: str, path: str, body: Any = None, **headers: str) -> Response:  # noqa: ANN401 -- JSON
    """Ask the service for something."""
    headers = {"Authorization": f"Bearer {service.token}", **headers}
    return service.respond(Request(method, f"https://graph.microsoft.com/v1.0{path}", headers, body))


def rows(response: Response) -> list[Any]:
    """Return the objects of an answer."""
    assert response.status in (200, 201), response
    assert response.body is not None
    value = response.body.get("value", [response.body])
    assert isinstance(value, list)
    return [row for row in value if "@removed" not in row]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the validator leaves a file open
def test_contacts_pass_the_metadata(check: Check) -> None:
    """Contacts made, changed, read, listed and told of have no finding."""
    service = served()
    service.contacts.make_folder("Friends")
    made = ask(service, "POST", "/me/contacts", {"givenName": "Ada", "birthday": "1815-12-10T00:00:00Z"})
    service.contacts.insert(contact(1))
    (one,) = rows(made)
    answers = (
        made,
        ask(
            service, "PATCH", f"/me/contacts/{one['id']}", {"homeAddress": {"city": "London"}, "businessPhones": ["1"]}
        ),
        ask(service, "GET", f"/me/contacts/{one['id']}"),
        ask(service, "GET", "/me/contacts"),
        ask(service, "GET", "/me/contacts/delta"),
    )

    assert [check(row, "contact") for answer in answers for row in rows(answer)] == [[]] * 7
    assert [check(row, "contactFolder") for row in rows(ask(service, "GET", "/me/contactFolders"))] == [[]]
    assert [check(row, "outlookCategory") for row in rows(ask(service, "GET", "/me/outlook/masterCategories"))] == [[]]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the validator leaves a file open
def test_events_pass_the_metadata(check: Check) -> None:
    """Events, series, occurrences and exceptions have no finding."""
    service = served()
    single = service.calendar.insert(event(1))
    series = service.calendar.insert(attrs.evolve(TIMED, exceptions=(MOVED, NAMED, CANCELLED)))
    days = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z"
    whole = "$select=id,subject,cancelledOccurrences,exceptionOccurrences&$expand=exceptionOccurrences"
    answers = (
        ask(service, "PATCH", f"/me/events/{single}", {"subject": "Renamed"}),
        ask(service, "GET", "/me/events"),
        ask(service, "GET", f"/me/events/{series}?{whole}"),
        ask(service, "GET", f"/me/events/{series}/instances?{days}"),
        ask(service, "GET", f"/me/calendarView/delta?{days}"),
    )
    found = [row for answer in answers for row in rows(answer)]

    assert len(found) > 12
    assert {str(row.get("type")) for row in found} >= {"singleInstance", "seriesMaster", "occurrence", "exception"}
    assert [problem for row in found for problem in check(row, "event")] == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the validator leaves a file open
def test_tasks_pass_the_metadata(check: Check) -> None:
    """Lists, tasks with their links, and recurring ones have no finding."""
    service = served()
    tasks = f"/me/todo/lists/{service.todo.default}/tasks"
    service.todo.insert(task(1))
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"}
    recurrence = {"pattern": pattern, "range": {"type": "noEnd", "startDate": "2026-03-02"}}
    due = {"dateTime": "2026-03-02T00:00:00.0000000", "timeZone": "UTC"}
    links = [{"applicationName": "a", "externalId": "b"}]
    body = {"title": "Recurs", "dueDateTime": due, "recurrence": recurrence, "linkedResources": links}
    answers = (ask(service, "POST", tasks, body), ask(service, "GET", tasks), ask(service, "GET", f"{tasks}/delta"))
    found = [row for answer in answers for row in rows(answer)]

    assert len(found) == 5
    assert [problem for row in found for problem in check(row, "todoTask")] == []
    assert [
        problem for row in rows(ask(service, "GET", "/me/todo/lists")) for problem in check(row, "todoTaskList")
    ] == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the validator leaves a file open
def test_messages_pass_the_metadata(check: Check) -> None:
    """Folders, drafts, messages with headers, properties and attachments, listed and told of, have no finding."""
    service = served()
    id_ = service.mail.insert(attrs.evolve(draft(1), is_draft=False, folder=INBOX, sender=ADA))
    service.mail.make_folder("Clients")
    service.mail.attach(id_, "plan.pdf", b"%PDF", "application/pdf")
    service.mail.attach_message(id_, "Earlier", b"Subject: Earlier")
    whole = "$select=id,subject,internetMessageHeaders,hasAttachments&$expand=attachments"
    body = {"subject": "Hello", "toRecipients": [{"emailAddress": {"address": "p1@example.com"}}]}
    made = ask(service, "POST", "/me/messages", body)
    (one,) = rows(made)
    answers = (
        made,
        ask(service, "PATCH", f"/me/messages/{one['id']}", {"isRead": True, "categories": ["Clients"]}),
        ask(service, "GET", f"/me/messages/{id_}?{whole}"),
        ask(service, "GET", "/me/messages"),
        ask(service, "GET", "/me/mailFolders/inbox/messages/delta"),
    )

    assert [check(row, "message") for answer in answers for row in rows(answer)] == [[]] * 6
    attached = rows(ask(service, "GET", f"/me/messages/{id_}/attachments"))
    assert [check(row, "attachment") for row in attached] == [[]] * 2
    tree = (ask(service, "GET", "/me/mailFolders"), ask(service, "GET", "/me/mailFolders/delta"))
    assert [problem for answer in tree for row in rows(answer) for problem in check(row, "mailFolder")] == []
    assert ask(service, "POST", f"/me/messages/{one['id']}/send").status == 202
