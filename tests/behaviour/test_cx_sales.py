"""CX-01 to CX-10: Oracle CX Sales, by saved searches, with errors and conflicts that people mend."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.errors import SettingsError, SyncDisabled, UsageError
from tallystick.ports import RunState
from tallystick.profiles import cx_sales
from tallystick.profiles.cx_sales import ME, Criterion, Operator, Resolution, SavedSearch
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, SearchField, Shape, VirtualClock
from tallystick.records import (
    Account,
    Appointment,
    Contact,
    CrmTask,
    EmailAddress,
    Event,
    Importance,
    OccurrenceChange,
    Person,
    Relation,
    RelationKind,
    TodoTask,
)
from tallystick.recurrence import (
    MAXIMIZER_APPOINTMENTS,
    Instant,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    WallTime,
    Weekday,
)
from tallystick.settings import Administration, Settings
from tallystick.text import fold_address

USER = "u1"
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)


class World:
    """A mailbox and a sales CRM, with a job each for contacts, meetings and tasks."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- of the contacts
        self.clock = VirtualClock(NOW)
        self.outlook, self.crm = FakeOutlook(clock=self.clock), FakeCrm(clock=self.clock)
        emails = SearchField[Person](lambda person: person.emails, fold_address)
        shape = Shape(Person, searches={"email": emails}, mint=lambda number: f"p{number}")
        self.people = MemoryCollection(
            shape, account="crm", clock=self.clock, capabilities=self.crm.entries.capabilities
        )
        self.accounts = MemoryCollection(Shape(Account, mint=lambda number: f"a{number}"), clock=self.clock)
        self.state = MemoryState()
        self.settings = cx_sales.ContactSettings(**settings)
        self.meeting_settings = cx_sales.MeetingSettings()
        self.task_settings = cx_sales.TaskSettings()

    @property
    def contacts(self) -> Sync[Contact, Person]:
        """The job of the contacts, as its settings are now."""
        return Sync(
            "contacts",
            left=self.outlook.contacts,
            right=self.people,
            profile=self.settings.profile(USER),
            state=self.state,
            clock=self.clock,
            directories={"accounts": self.accounts},
        )

    @property
    def meetings(self) -> Sync[Event, Appointment]:
        """The job of the meetings."""
        return Sync(
            "meetings",
            left=self.outlook.calendar,
            right=self.crm.appointments,
            profile=self.meeting_settings.profile(USER),
            state=self.state,
            clock=self.clock,
        )

    @property
    def tasks(self) -> Sync[TodoTask, CrmTask]:
        """The job of the tasks."""
        profile = self.task_settings.profile(USER)
        return Sync(
            "tasks", left=self.outlook.tasks, right=self.crm.tasks, profile=profile, state=self.state, clock=self.clock
        )

    @property
    def jobs(self) -> cx_sales.Jobs:
        """All three."""
        return {"contacts": self.contacts, "meetings": self.meetings, "tasks": self.tasks}

    def run(self) -> Any:  # noqa: ANN401 -- a report
        """Run the job of the contacts, after some time."""
        self.clock.advance(1800)
        return self.contacts.run()

    def names(self) -> tuple[list[str], list[str]]:
        """Return the first names on both sides, in order."""
        left = sorted(one.given_name for one in self.outlook.contacts.all().values())
        return left, sorted(one.first_name for one in self.people.all().values())


def contact(first: str, **fields: Any) -> Contact:  # noqa: ANN401 -- a contact's
    """Return an Outlook contact."""
    return Contact(first, "", "Example", email_addresses=(EmailAddress(f"{first}@example.com".lower()),), **fields)


def person(first: str, **fields: Any) -> Person:  # noqa: ANN401 -- a person's
    """Return a contact of the CRM."""
    return Person(first, "", "Example", emails=(f"{first}@example.com".lower(),), **fields)


@pytest.fixture
def world() -> World:
    """Two empty sides, and all contacts to be synced."""
    return World()


# --- CX-01 -----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-01")
def test_an_administrator_enables_and_disables_the_engine(world: World) -> None:
    """Locked off, nothing is synced and no user can change that; locked on, it runs at its interval."""
    world.people.insert(person("Ada"))
    off = Administration(cx_sales.ContactSettings).sets(enabled=False).locks("enabled")
    settings = Settings(cx_sales.ContactSettings, administration=off)
    with pytest.raises(SettingsError, match="ask the administrator"):
        settings.choose(enabled=True)
    world.settings = settings.value
    assert world.contacts.run_if_due() is None
    with pytest.raises(SyncDisabled):
        world.contacts.run()
    assert world.names() == ([], ["Ada"])

    world.settings = settings.under(off.sets(enabled=True)).value
    assert world.contacts.run_if_due() is not None
    assert world.contacts.run_if_due() is None
    world.clock.advance(1800)
    assert world.contacts.run_if_due() is not None
    assert world.names() == (["Ada"], ["Ada"])


@pytest.mark.behaviour("CX-01")
@pytest.mark.parametrize("kind", ["contacts", "meetings", "tasks"])
def test_each_kind_is_enabled_and_disabled_apart(world: World, kind: str) -> None:
    """What is disabled is neither due nor synced; the other two go on."""
    world.people.insert(person("Ada"))
    world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    world.crm.tasks.insert(CrmTask("Task", date(2026, 3, 25), assigned_to=(USER,)))
    settings = {"contacts": "settings", "meetings": "meeting_settings", "tasks": "task_settings"}[kind]
    setattr(world, settings, attrs.evolve(getattr(world, settings), enabled=False))
    ran = {name: job.run_if_due() is not None for name, job in world.jobs.items()}

    assert ran == {name: name != kind for name in world.jobs}
    left = world.outlook
    found = {"contacts": len(left.contacts), "meetings": len(left.calendar), "tasks": len(left.tasks)}
    assert found == {name: int(name != kind) for name in found}


# --- CX-02, CX-09 ----------------------------------------------------------------------------------------------------


PEOPLE = {
    "Mine": person("Mine", owner=USER, type="account", account_owner="u2"),
    "Business": person("Business", owner="u2", type="account", account_owner=USER),
    "Favourite": person("Favourite", owner="u2", type="partner", is_favourite=True),
    "Partner": person("Partner", owner=USER, type="partner"),
    "Nobody": person("Nobody"),
}


@pytest.mark.behaviour("CX-09", "CX-02")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        (cx_sales.ALL_CONTACTS, sorted(PEOPLE)),
        (cx_sales.MY_BUSINESS_CONTACTS, ["Business"]),
        (cx_sales.MY_CONTACTS, ["Mine"]),
        (cx_sales.MY_FAVORITE_CONTACTS, ["Favourite"]),
        (SavedSearch("Mine, or nobody's", (Criterion("owner", values=(ME, "")),)), ["Mine", "Nobody", "Partner"]),
        (SavedSearch("Others", (Criterion("owner", Operator.IS_NOT, (ME,)),)), ["Business", "Favourite", "Nobody"]),
        (SavedSearch("By name", (Criterion("name", Operator.BEGINS, ("p",)),)), ["Partner"]),
        (
            SavedSearch(
                "Both", (Criterion("email", Operator.CONTAINS, ("@EXAMPLE",)), Criterion("type", values=("PARTNER",)))
            ),
            ["Favourite", "Partner"],
        ),
    ],
    ids=lambda one: one.name if isinstance(one, SavedSearch) else "",
)
def test_what_is_synced_is_what_the_saved_search_finds(search: SavedSearch, found: list[str]) -> None:
    """The predefined searches for contacts, and some of one's own."""
    world = World(search=search)
    for one in PEOPLE.values():
        world.people.insert(one)
    world.run()

    assert world.names()[0] == found
    assert world.run().written() == 0
    assert world.contacts.ignored() == []


def meeting(subject: str, **fields: Any) -> Appointment:  # noqa: ANN401 -- an appointment's
    """Return a meeting of the CRM on the next day."""
    start = NOW + timedelta(days=1)
    return Appointment(subject, Instant(start), Instant(start + timedelta(hours=1)), **fields)


@pytest.mark.behaviour("CX-09")
def test_my_open_activities_are_open_meetings_in_which_i_am_a_resource(world: World) -> None:
    """Organizer or participant; a closed one, and one of other people, is not synced."""
    me, other = Relation(RelationKind.USER, USER), Relation(RelationKind.USER, "u2")
    for one in (
        meeting("Called by me", organizer=USER),
        meeting("With me", organizer="u2", relations=(other, me)),
        meeting("Closed", organizer=USER, custom=((cx_sales.STATUS, "closed"),)),
        meeting("Others'", organizer="u2", relations=(other,)),
        meeting("Called me", organizer="u2", relations=(Relation(RelationKind.ENTRY, USER),)),
    ):
        world.crm.appointments.insert(one)
    world.meetings.run()

    assert sorted(one.subject for one in world.outlook.calendar.all().values()) == ["Called by me", "With me"]


@pytest.mark.behaviour("CX-02")
def test_another_search_holds_from_the_next_run_on(world: World) -> None:
    """Changed criteria take in what they find, and let rest what they no longer do; nothing is removed."""
    world.settings = cx_sales.ContactSettings(search=cx_sales.MY_CONTACTS)
    for one in PEOPLE.values():
        world.people.insert(one)
    world.run()
    changed = cx_sales.MY_CONTACTS.changed(Criterion("type", values=("partner",))).saved_as("My partners")
    world.settings = cx_sales.ContactSettings(search=changed)
    report = world.run()

    assert report.initial
    assert world.names() == (["Mine", "Partner"], sorted(PEOPLE))
    world.outlook.contacts.edit(*_the(world.outlook.contacts, "Mine"), job_title="Edited")
    world.run()
    assert [one.job_title for one in world.people.all().values() if one.first_name == "Mine"] == [""]


@pytest.mark.behaviour("CX-02", "CX-09")
@pytest.mark.parametrize(
    ("criterion", "favourite"),
    [
        (Criterion("favourite", values=("yes",)), True),
        (Criterion("favourite", Operator.IS_NOT, ("no",)), True),
        (Criterion("favourite", values=("no",)), False),
        (Criterion("favourite", Operator.IS_NOT, ("yes",)), False),
        (Criterion("favourite", values=("yes", "no")), False),
    ],
    ids=str,
)
def test_a_new_contact_is_a_favourite_only_where_the_search_finds_no_other(
    world: World, criterion: Criterion, favourite: bool
) -> None:
    """A person's own search for who is no favourite makes none, so that the new pair is synced on."""
    world.settings = cx_sales.ContactSettings(search=cx_sales.MY_FAVORITE_CONTACTS.changed(criterion).saved_as("Own"))
    left = world.outlook.contacts.insert(contact("Ada"))
    world.run()
    assert [one.is_favourite for one in world.people.all().values()] == [favourite]

    world.outlook.contacts.edit(left, job_title="Countess")
    world.run()
    assert [one.job_title for one in world.people.all().values()] == ["Countess"]


def _the(collection: MemoryCollection[Contact], first: str) -> list[str]:
    return [one for one, record in collection.all().items() if record.given_name == first]


@pytest.mark.behaviour("CX-02")
def test_a_record_that_leaves_the_search_stays_and_is_synced_no_more(world: World) -> None:
    """It is neither listed nor written, on either side; found again, it goes on with what happened meanwhile."""
    world.settings = cx_sales.ContactSettings(search=cx_sales.MY_FAVORITE_CONTACTS)
    one = world.people.insert(person("Ada", is_favourite=True))
    world.run()
    (left,) = world.outlook.contacts.ids()
    world.people.edit(one, is_favourite=False, department="Sales")
    world.outlook.contacts.edit(left, job_title="Countess")
    assert world.run().written() == 0
    world.outlook.contacts.edit(left, given_name="Augusta")

    assert world.run().written() == 0
    assert world.contacts.ignored() == []
    world.people.edit(one, is_favourite=True)
    world.run()
    ours, theirs = world.outlook.contacts.record(left), world.people.record(one)
    assert (ours.department, theirs.job_title, theirs.first_name) == ("Sales", "Countess", "Augusta")


@pytest.mark.behaviour("CX-02", "CX-10")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("at_once", [False, True], ids=["rested before", "at once"])
def test_what_is_deleted_of_a_pair_that_rests_stays_on_the_other_side(world: World, side: Side, at_once: bool) -> None:
    """A closed meeting that is tidied away in the mailbox stays in the CRM, also when the search finds it again."""
    met = world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    task = world.crm.tasks.insert(CrmTask("Task", date(2026, 3, 25), assigned_to=(USER,)))
    jobs = (world.meetings, world.tasks)
    sides: list[tuple[MemoryCollection[Any], ...]] = [
        (world.outlook.calendar, world.crm.appointments),
        (world.outlook.tasks, world.crm.tasks),
    ]

    def run() -> None:
        world.clock.advance(1800)
        for job in jobs:
            job.run()

    run()
    world.crm.appointments.edit(met, custom=((cx_sales.STATUS, "closed"),))
    world.crm.tasks.edit(task, assigned_to=("u2",))
    if not (at_once and side is Side.LEFT):
        run()
    for pair in sides:
        pair[side].delete(pair[side].ids()[0])
    run()
    run()
    assert [(len(pair[side]), len(pair[side.other])) for pair in sides] == [(0, 1), (0, 1)]

    if side is Side.LEFT:
        world.crm.appointments.edit(met, custom=())
        world.crm.tasks.edit(task, assigned_to=(USER,))
        run()
    assert [(len(pair[side]), len(pair[side.other])) for pair in sides] == [(0, 1), (0, 1)]
    assert [job.status().pairs for job in jobs] == [0, 0]


@pytest.mark.behaviour("CX-02", "CX-10")
@pytest.mark.parametrize("changes", [True, False])
def test_what_is_deleted_in_the_crm_as_the_search_changes_stays_in_the_mailbox(world: World, changes: bool) -> None:
    """The deleted record may have left the search just then; where the search is the same, the event goes, too."""
    world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    world.crm.tasks.insert(CrmTask("Task", date(2026, 3, 25), assigned_to=(USER,)))
    for job in (world.meetings, world.tasks):
        job.run()
    for collection in (world.crm.appointments, world.crm.tasks):
        collection.delete(*collection.ids())
    if changes:
        own = Criterion("subject", Operator.CONTAINS, ("Ada",))
        search = cx_sales.MY_OPEN_ACTIVITIES.changed(own).saved_as("Ada's")
        world.meeting_settings = cx_sales.MeetingSettings(search=search)
        world.task_settings = cx_sales.TaskSettings(search=cx_sales.MY_TASKS.changed(own).saved_as("Ada's"))
    for _ in range(2):
        world.clock.advance(1800)
        for job in (world.meetings, world.tasks):
            job.run()

    assert (len(world.outlook.calendar), len(world.outlook.tasks)) == (int(changes), int(changes))
    assert (len(world.crm.appointments), len(world.crm.tasks)) == (0, 0)
    assert [job.status().pairs for job in (world.meetings, world.tasks)] == [0, 0]


@pytest.mark.behaviour("CX-02", "CX-10")
@pytest.mark.parametrize("side", Side)
def test_what_is_deleted_after_a_pair_goes_on_is_deleted_on_the_other_side(world: World, side: Side) -> None:
    """Having rested is over once the search finds the meeting again."""
    met = world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    for status in ("closed", "open"):
        world.meetings.run()
        world.clock.advance(1800)
        world.crm.appointments.edit(met, custom=((cx_sales.STATUS, status),))
    world.meetings.run()
    pair: tuple[MemoryCollection[Any], ...] = (world.outlook.calendar, world.crm.appointments)
    pair[side].delete(pair[side].ids()[0])
    world.clock.advance(1800)
    world.meetings.run()

    assert [len(one) for one in pair] == [0, 0]


@pytest.mark.behaviour("CX-02")
@pytest.mark.parametrize("expires", [False, True])
def test_what_was_written_only_in_the_mailbox_while_a_pair_rested_arrives(world: World, expires: bool) -> None:
    """Found again, a contact is carried also where nothing else has changed in the CRM, and that only once."""
    world.settings = cx_sales.ContactSettings(search=cx_sales.MY_FAVORITE_CONTACTS)
    one = world.people.insert(person("Ada", is_favourite=True))
    world.run()
    (left,) = world.outlook.contacts.ids()
    world.people.edit(one, is_favourite=False)
    world.run()
    world.outlook.contacts.edit(left, job_title="Countess")
    world.run()
    if expires:
        world.outlook.contacts.expire_cursors()
        world.run()
    world.people.edit(one, is_favourite=True)

    assert world.run().written() == 1
    assert world.people.record(one).job_title == "Countess"
    assert world.run().written() == 0


@pytest.mark.behaviour("CX-02")
def test_a_match_outside_of_the_search_is_neither_doubled_nor_written(world: World) -> None:
    """A contact whose counterpart the search does not find becomes its pair, and the pair rests."""
    world.settings = cx_sales.ContactSettings(search=cx_sales.MY_FAVORITE_CONTACTS)
    one = world.people.insert(person("Ada", job_title="Countess"))
    world.outlook.contacts.insert(contact("Ada"))
    assert world.run().written() == 0
    assert world.names() == (["Ada"], ["Ada"])
    world.people.edit(one, is_favourite=True)
    world.run()

    assert [record.job_title for record in world.outlook.contacts.all().values()] == ["Countess"]
    assert len(world.people) == 1


@pytest.mark.behaviour("CX-02")
@pytest.mark.parametrize("search", cx_sales.PREDEFINED, ids=lambda one: one.name)
def test_the_fields_of_a_predefined_search_can_not_be_removed(search: SavedSearch) -> None:
    """Not under another name either; their criteria can be changed, and others added and removed."""
    for field in cx_sales.PROTECTED[search.name]:
        for named in (search, search.saved_as("Under another name")):
            with pytest.raises(SettingsError, match=f"can't be removed: {field}"):
                named.without(field)
            changed = named.changed(Criterion(field, Operator.IS_NOT, ("x",)), Criterion("name", values=("y",)))
            assert changed.without("name").changed(Criterion(field, values=("z",)))
    own = SavedSearch("Own", (Criterion("owner", values=(ME,)),))
    assert own.without("owner").criteria == ()


@pytest.mark.behaviour("CX-02")
def test_a_search_that_can_not_be_is_refused() -> None:
    """A field that the kind does not expose, a criterion without a value, a search without a name."""
    with pytest.raises(SettingsError, match="no such field to search by: salary"):
        cx_sales.ContactSettings(search=SavedSearch("X", (Criterion("salary", values=("1",)),))).profile(USER)
    with pytest.raises(SettingsError, match="without a value"):
        SavedSearch("X", (Criterion("owner"),))
    with pytest.raises(SettingsError, match="without a name"):
        SavedSearch(" ")
    document = {"name": "X", "origin": "My Contacts", "criteria": []}
    with pytest.raises(SettingsError, match=r"search: .*can't be removed: type, owner"):
        Settings(cx_sales.ContactSettings, {"search": document})


# --- CX-03 -----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-03")
def test_a_new_contact_is_put_under_the_account_of_its_companys_name(world: World) -> None:
    """Compared without regard to case and blanks; a contact without a company goes without an account."""
    world.accounts.insert(Account("Other Ltd"))
    account = world.accounts.insert(Account("Example Ltd", owner="u2"))
    world.outlook.contacts.insert(contact("Ada", company_name=" EXAMPLE ltd"))
    world.outlook.contacts.insert(contact("Bea"))
    assert world.run().state is RunState.COMPLETE

    made = {one.first_name: (one.account, one.account_name, one.account_owner) for one in world.people.all().values()}
    assert made == {"Ada": (account, "Example Ltd", "u2"), "Bea": ("", "", "")}
    assert all(one.owner == USER for one in world.people.all().values())
    assert world.run().written() == 0


@pytest.mark.behaviour("CX-03", "CX-07")
@pytest.mark.parametrize(("accounts", "code"), [(0, "unknown_name"), (2, "several_of_this_name")])
def test_without_one_such_account_a_new_contact_is_an_error_that_can_be_resolved(
    world: World, accounts: int, code: str
) -> None:
    """Nothing is created; it is listed as resolvable, and taken in once there is one account of the name."""
    for _ in range(accounts):
        world.accounts.insert(Account("Example Ltd"))
    world.outlook.contacts.insert(contact("Ada", company_name="Example Ltd"))
    assert world.run().state is RunState.COMPLETE

    (error,) = world.contacts.errors(resolvable=True)
    assert error.reasons == (f"{code}:company_name",)
    assert len(world.people) == 0
    for one in world.accounts.ids()[1:]:
        world.accounts.delete(one)
    if not accounts:
        world.accounts.insert(Account("Example Ltd"))
    world.run()
    assert world.names() == (["Ada"], ["Ada"])
    assert world.contacts.errors() == []


@pytest.mark.behaviour("CX-03")
def test_by_policy_a_contact_is_created_without_an_account(world: World) -> None:
    """Where it need not have one; and a contact that has a counterpart needs none anyway."""
    world.people.insert(person("Bea"))
    world.outlook.contacts.insert(contact("Bea", company_name="Unknown Ltd"))
    world.run()
    assert world.contacts.errors() == []
    world.settings = cx_sales.ContactSettings(requires_account=False)
    world.outlook.contacts.insert(contact("Ada", company_name="Unknown Ltd"))
    world.run()

    assert world.names() == (["Ada", "Bea"], ["Ada", "Bea"])


@pytest.mark.behaviour("CX-03")
def test_the_companys_name_follows_the_account(world: World) -> None:
    """Who is moved to another account in the CRM has its name in the mailbox; a name typed there moves nobody."""
    one = world.people.insert(person("Ada", account="a1", account_name="Example Ltd"))
    world.run()
    (left,) = world.outlook.contacts.ids()
    assert world.outlook.contacts.record(left).company_name == "Example Ltd"
    world.outlook.contacts.edit(left, company_name="Typed Ltd")
    world.run()
    assert world.people.record(one).account_name == "Example Ltd"
    world.people.edit(one, account="a2", account_name="New Ltd")
    world.run()

    assert world.outlook.contacts.record(left).company_name == "New Ltd"


# --- CX-04, CX-05 ----------------------------------------------------------------------------------------------------


def event(subject: str, day: int = 21) -> Event:
    """Return a meeting in the mailbox."""
    start, end = (WallTime(datetime(2026, 3, day, hour), "Europe/Paris") for hour in (9, 10))  # noqa: DTZ001 -- a wall
    return Event(subject, start=start, end=end)


@pytest.mark.behaviour("CX-04")
def test_contacts_meetings_and_tasks_go_both_ways(world: World) -> None:
    """Each is a job of its own; what is new or changed on either side is so on the other."""
    world.outlook.contacts.insert(contact("Ada", mobile_phone="+1 555 0100"))
    world.people.insert(person("Bea", department="Sales"))
    world.outlook.calendar.insert(event("From the mailbox"))
    world.crm.appointments.insert(meeting("From the CRM", organizer=USER, location="Leeds", description="Bring it"))
    world.outlook.tasks.insert(TodoTask("From To Do"))
    world.crm.tasks.insert(CrmTask("From the CRM", date(2026, 3, 25), assigned_to=(USER,)))
    world.crm.tasks.insert(CrmTask("Somebody else's", date(2026, 3, 25), assigned_to=("u2",)))
    for job in world.jobs.values():
        assert job.run().state is RunState.COMPLETE

    assert world.names() == (["Ada", "Bea"], ["Ada", "Bea"])
    assert [phone.number for one in world.people.all().values() for phone in one.phones] == ["+1 555 0100"]
    for side in (world.outlook.calendar, world.crm.appointments):
        assert sorted(one.subject for one in side.all().values()) == ["From the CRM", "From the mailbox"]
    assert sorted(one.title for one in world.outlook.tasks.all().values()) == ["From To Do", "From the CRM"]
    assert {one.assigned_to for one in world.crm.tasks.all().values()} == {(USER,), ("u2",)}
    (mine,) = [one for one, it in world.outlook.calendar.all().items() if it.subject == "From the CRM"]
    assert world.outlook.calendar.record(mine).location == "Leeds"
    world.outlook.calendar.edit(mine, location="York")
    world.clock.advance(1800)
    world.meetings.run()
    assert "York" in [one.location for one in world.crm.appointments.all().values()]
    for job in world.jobs.values():
        world.clock.advance(1800)
        assert job.run().written() == 0


@pytest.mark.behaviour("CX-04")
def test_what_a_kind_can_not_hold_is_listed(world: World) -> None:
    """A recurring task and a meeting without a subject wait with their reasons."""
    daily = Recurrence(Pattern.daily(), Range(date(2026, 3, 25)))
    world.outlook.tasks.insert(TodoTask("Every day", due=Instant(NOW + timedelta(days=5)), recurrence=daily))
    world.outlook.calendar.insert(event(""))
    world.people.insert(Person("Ada", emails=("no address",)))
    for job in world.jobs.values():
        job.run()

    listed = {kind: [row.reasons for row in job.ignored()] for kind, job in world.jobs.items()}
    assert listed == {
        "contacts": [("missing:last_name", "invalid:email")],
        "meetings": [("missing:subject",)],
        "tasks": [("unsupported_recurrence:tasks",)],
    }


@pytest.mark.behaviour("CX-04", "CX-05")
@pytest.mark.parametrize(
    ("resolution", "whole", "left", "right"),
    [
        (Resolution.CRM_WINS, False, ("crm", "only Outlook"), ("crm", "only Outlook")),
        (Resolution.CRM_WINS, True, ("crm", ""), ("crm", "")),
        (Resolution.OUTLOOK_WINS, False, ("outlook", "only Outlook"), ("outlook", "only Outlook")),
        (Resolution.YOU_DECIDE, False, ("outlook", "only Outlook"), ("crm", "")),
    ],
)
def test_each_kind_has_a_conflict_rule_of_its_own(
    resolution: Resolution, whole: bool, left: tuple[str, str], right: tuple[str, str]
) -> None:
    """CRM wins, Outlook wins, by field or whole record, or the user decides; the meetings' rule is another."""
    world = World(resolution=resolution, whole_record=whole)
    world.meeting_settings = cx_sales.MeetingSettings(resolution=Resolution.OUTLOOK_WINS)
    one = world.people.insert(person("Ada"))
    world.crm.appointments.insert(meeting("Before", organizer=USER))
    world.run()
    world.meetings.run()
    (ours,), (met,), (held,) = world.outlook.contacts.ids(), world.crm.appointments.ids(), world.outlook.calendar.ids()
    world.clock.advance(600)
    world.people.edit(one, job_title="crm")
    world.outlook.contacts.edit(ours, job_title="outlook", department="only Outlook")
    world.crm.appointments.edit(met, subject="crm")
    world.outlook.calendar.edit(held, subject="outlook")
    world.run()
    world.meetings.run()

    record, theirs = world.outlook.contacts.record(ours), world.people.record(one)
    assert ((record.job_title, record.department), (theirs.job_title, theirs.department)) == (left, right)
    assert world.crm.appointments.record(met).subject == "outlook"
    assert len(world.contacts.conflicts()) == (resolution is Resolution.YOU_DECIDE)
    if resolution is Resolution.YOU_DECIDE:
        (conflict,) = world.contacts.conflicts()
        seen = world.contacts.compare(conflict.id)
        world.contacts.resolve(conflict.id, rules={"job_title": "right"}, versions=seen.versions)
        assert world.outlook.contacts.record(ours).job_title == "crm"
        assert world.people.record(one).department == "only Outlook"
        assert world.contacts.conflicts() == []


@pytest.mark.behaviour("CX-04", "CX-05")
@pytest.mark.parametrize("resolution", Resolution)
@pytest.mark.parametrize("whole", [False, True])
def test_meetings_and_tasks_have_the_rules_that_contacts_have(
    world: World, resolution: Resolution, whole: bool
) -> None:
    """A side wins by field or by record; where the user decides, nothing of the record is written until then."""
    world.meeting_settings = cx_sales.MeetingSettings(resolution=resolution, whole_record=whole)
    world.task_settings = cx_sales.TaskSettings(resolution=resolution, whole_record=whole)
    met = world.crm.appointments.insert(meeting("Meeting", organizer=USER, location="before"))
    task = world.crm.tasks.insert(CrmTask("before", date(2026, 3, 25), assigned_to=(USER,), priority="MED"))
    jobs = (world.meetings, world.tasks)
    for job in jobs:
        job.run()
    (event_id,), (todo,) = world.outlook.calendar.ids(), world.outlook.tasks.ids()
    world.clock.advance(1800)
    world.crm.appointments.edit(met, location="crm")
    world.outlook.calendar.edit(event_id, location="outlook", subject="only Outlook")
    world.crm.tasks.edit(task, subject="crm")
    world.outlook.tasks.edit(todo, title="outlook", importance=Importance.HIGH)
    for job in jobs:
        job.run()

    both = {
        Resolution.CRM_WINS: ("crm", "crm", "Meeting" if whole else "only Outlook", "MED" if whole else "1"),
        Resolution.OUTLOOK_WINS: ("outlook", "outlook", "only Outlook", "1"),
        Resolution.YOU_DECIDE: ("crm", "crm", "Meeting", "MED"),
    }
    shown, done = world.crm.appointments.record(met), world.crm.tasks.record(task)
    assert (shown.location, done.subject, shown.subject, done.priority) == both[resolution]
    mine, theirs = world.outlook.calendar.record(event_id).location, world.outlook.tasks.record(todo).title
    decides = resolution is Resolution.YOU_DECIDE
    assert (mine, theirs) == (("outlook", "outlook") if decides else both[resolution][:2])
    assert [len(job.conflicts()) for job in jobs] == [int(decides)] * 2


# --- CX-06, CX-07, CX-08 ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-06")
def test_the_summary_tells_new_and_updated_records_by_side_and_kind(world: World) -> None:
    """Before the first run there is nothing; then the last run of each kind counts, and when the latest ended."""
    assert cx_sales.summary(world.jobs) == cx_sales.Summary(None, {})
    one = world.people.insert(person("Ada"))
    world.people.insert(person("Bea"))
    world.outlook.contacts.insert(contact("Cia"))
    world.outlook.calendar.insert(event("Meeting"))
    for job in world.jobs.values():
        job.run()
    first = cx_sales.summary(world.jobs)
    assert first.written[Side.LEFT, "contacts"] == cx_sales.Written(new=2)
    assert first.written[Side.RIGHT, "contacts"] == cx_sales.Written(new=1)
    assert first.written[Side.RIGHT, "meetings"] == cx_sales.Written(new=1)
    assert first.written[Side.RIGHT, "tasks"] == cx_sales.Written()
    world.people.edit(one, job_title="Countess")
    world.people.insert(person("Dora"))
    world.run()
    world.contacts.enqueue()
    second = cx_sales.summary(world.jobs)

    assert second.written[Side.LEFT, "contacts"] == cx_sales.Written(new=1, updated=1)
    assert second.written[Side.RIGHT, "meetings"] == cx_sales.Written(new=1)
    assert second.at == world.contacts.history()[1].ended


@pytest.mark.behaviour("CX-06", "CX-08")
def test_what_is_corrected_one_by_one_leaves_the_summary_of_the_last_sync(world: World) -> None:
    """A sync of three, and a contact that is mended after it: the summary tells of the three until the next run."""
    for first in ("Ada", "Bea", "Cia"):
        world.people.insert(person(first))
    lost = world.outlook.contacts.insert(contact("Lost", company_name="Nowhere"))
    world.run()
    summary = cx_sales.summary(world.jobs)
    world.contacts.correct("left", lost, {"company_name": ""})
    assert len(world.people) == 4
    assert cx_sales.summary(world.jobs) == summary
    assert summary.written[Side.LEFT, "contacts"] == cx_sales.Written(new=3)

    world.run()
    assert cx_sales.summary(world.jobs).written[Side.LEFT, "contacts"] == cx_sales.Written()


@pytest.mark.behaviour("CX-07", "CX-08")
def test_errors_of_all_kinds_are_listed_with_links_and_those_that_can_be_are_resolved(world: World) -> None:
    """Each tells kind, link and nature; a correction is synced at once and leaves the list, others are refused."""
    world.accounts.insert(Account("Example Ltd"))
    lost = world.outlook.contacts.insert(contact("Ada", company_name="Nowhere Ltd"))
    nameless = world.crm.appointments.insert(meeting("", organizer=USER))
    fine = world.people.insert(person("Bea"))
    world.outlook.contacts.faults.refuse(lambda write: hasattr(write, "record"), "quota", times=None)
    for job in world.jobs.values():
        job.run()
    world.outlook.contacts.faults.clear()

    listed = {(one.kind, one.error.id): one.error for one in cx_sales.errors(world.jobs)}
    assert {place: one.resolvable for place, one in listed.items()} == {
        ("contacts", lost): True,
        ("contacts", fine): False,
        ("meetings", nameless): True,
    }
    assert listed["meetings", nameless].url == f"https://crm.example/appointments/{nameless}"
    assert [one.kind for one in cx_sales.errors(world.jobs, resolvable=True)] == ["contacts", "meetings"]
    with pytest.raises(UsageError, match="no correction mends it"):
        world.contacts.correct("right", fine, {"job_title": "x"})
    world.contacts.correct("left", lost, {"company_name": "Elsewhere Ltd"})
    assert lost in [one.id for one in world.contacts.errors(resolvable=True)], "still wrong: it stays"
    world.contacts.correct("left", lost, {"company_name": "Example Ltd"})
    world.meetings.correct("right", nameless, {"subject": "Named"})

    assert cx_sales.errors(world.jobs, resolvable=True) == []
    assert [one.account_name for one in world.people.all().values() if one.first_name == "Ada"] == ["Example Ltd"]
    assert [one.subject for one in world.outlook.calendar.all().values()] == ["Named"]


# --- CX-10 -----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-10")
def test_contacts_are_paired_by_name_and_address_where_exactly_one_fits(world: World) -> None:
    """One hit is a pair; with two, nothing is guessed at and nothing created."""
    world.outlook.contacts.insert(contact("Ada"))
    world.people.insert(person("ada", job_title="Countess"))
    world.outlook.contacts.insert(contact("Bea"))
    world.people.insert(person("Bea"))
    world.people.insert(person("Bea"))
    world.run()

    assert sorted((len(world.outlook.contacts), len(world.people))) == [2, 3]
    assert "Countess" in [one.job_title for one in world.outlook.contacts.all().values()]
    assert world.contacts.status().pairs == 1


@pytest.mark.behaviour("CX-10")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("deletes", [False, True])
def test_of_a_contact_that_is_deleted_the_other_stays_unless_the_policy_says_otherwise(
    side: Side, deletes: bool
) -> None:
    """Unlinked, remembered, and not created again."""
    world = World(deletes=deletes)
    world.people.insert(person("Ada"))
    world.run()
    sides: tuple[MemoryCollection[Any], MemoryCollection[Any]] = (world.outlook.contacts, world.people)
    sides[side].delete(sides[side].ids()[0])
    for _ in range(3):
        world.run()

    assert [len(sides[side]), len(sides[side.other])] == [0, 0 if deletes else 1]
    assert world.contacts.status().pairs == 0


def series(
    world: World, *, exceptions: bool = True
) -> tuple[Sync[Event, Appointment], MemoryCollection[Appointment], str, str]:
    """Return the job of the meetings with a CRM that keeps single occurrences, and a weekly series in sync."""
    able = attrs.evolve(MAXIMIZER_APPOINTMENTS, exceptions=exceptions)
    crm = FakeCrm(clock=world.clock, support=able).appointments
    profile = world.meeting_settings.profile(USER, able)
    job = Sync(
        "meetings", left=world.outlook.calendar, right=crm, profile=profile, state=world.state, clock=world.clock
    )
    weekly = Recurrence(
        Pattern.weekly((Weekday.TUESDAY,), first_day_of_week=Weekday.SUNDAY),
        Range(date(2026, 3, 10), Numbered(8), "UTC"),
    )
    start, end = (WallTime(datetime(2026, 3, 10, hour), "UTC") for hour in (9, 10))  # noqa: DTZ001 -- a clock's
    one = world.outlook.calendar.insert(Event("Weekly", start=start, end=end, recurrence=weekly))
    job.run()
    (other,) = crm.ids()
    return job, crm, one, other


def renamed(day: int, subject: str) -> OccurrenceChange:
    """Return a change of the title of one occurrence."""
    return OccurrenceChange(WallTime(datetime(2026, 3, day, 9), "UTC"), subject=subject)  # noqa: DTZ001 -- a clock's


@pytest.mark.behaviour("TS-02", "CX-04")
@pytest.mark.parametrize("trouble", [False, True], ids=["at once", "the second write is refused at first"])
def test_edits_of_different_occurrences_of_one_series_both_survive(world: World, trouble: bool) -> None:
    """Only an occurrence that both sides edited is a conflict, which the CRM wins and the report tells of."""
    job, crm, one, other = series(world)
    events = world.outlook.calendar
    first, second = renamed(10, "First"), renamed(31, "Second")
    events.edit(one, exceptions=(first, second))
    job.run()
    events.edit(one, exceptions=(first, renamed(24, "Outlook's"), renamed(31, "Outlook's second")))
    crm.edit(other, exceptions=(renamed(10, "CRM's first"), renamed(24, "CRM's"), second))
    world.clock.advance(1800)
    if trouble:
        crm.faults.refuse(other, times=1)
    report = job.run()
    world.clock.advance(86_400)
    job.run()

    for record in (events.record(one), crm.record(other)):
        assert {change.subject for change in record.exceptions} == {"CRM's first", "CRM's", "Outlook's second"}
    assert [(note.kind, note.side, note.rule) for note in report.notes] == [("lost", Side.LEFT, "exceptions")]


@pytest.mark.behaviour("TS-02", "CX-04")
@pytest.mark.parametrize(("day", "lost"), [(24, True), (31, False)], ids=["the same", "another"])
def test_an_occurrence_is_never_cancelled_and_renamed_at_once(world: World, day: int, lost: bool) -> None:
    """Graph names a cancelled one by its day, the CRM an edited one by its time: both changed it, and the CRM wins."""
    job, crm, one, other = series(world)
    events = world.outlook.calendar
    events.edit(one, exceptions=(OccurrenceChange(date(2026, 3, day), cancelled=True),))
    crm.edit(other, exceptions=(renamed(24, "CRM's"),))
    world.clock.advance(1800)
    report = job.run()

    for record in (events.record(one), crm.record(other)):
        found = {(change.cancelled, change.subject) for change in record.exceptions}
        assert found == {(False, "CRM's")} | (set() if lost else {(True, None)})
    assert [note.kind for note in report.notes] == ["lost"] * lost


@pytest.mark.behaviour("CX-10")
def test_a_meeting_that_somebody_else_called_is_not_deleted_by_the_crm(world: World) -> None:
    """The CRM's copy goes, the invitation stays in the mailbox, and no new copy is made of it."""
    world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    world.meetings.run()
    (one,) = world.outlook.calendar.ids()
    world.outlook.calendar.edit(one, is_organizer=False)
    world.meetings.run()
    world.crm.appointments.delete(*world.crm.appointments.ids())
    for _ in range(3):
        world.clock.advance(1800)
        world.meetings.run()

    assert world.outlook.calendar.ids() == [one]
    assert world.crm.appointments.ids() == []
    assert world.meetings.status().pairs == 0


@pytest.mark.behaviour("CX-10")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("deletes", [False, True])
def test_meetings_and_tasks_that_are_deleted_are_deleted_on_the_other_side(
    world: World, side: Side, deletes: bool
) -> None:
    """That is what a user expects of them; the policy can be another."""
    world.meeting_settings = attrs.evolve(world.meeting_settings, deletes=deletes)
    world.task_settings = attrs.evolve(world.task_settings, deletes=deletes)
    world.crm.appointments.insert(meeting("Meeting", organizer=USER))
    world.crm.tasks.insert(CrmTask("Task", date(2026, 3, 25), assigned_to=(USER,)))
    sides: list[tuple[MemoryCollection[Any], ...]] = [
        (world.outlook.calendar, world.crm.appointments),
        (world.outlook.tasks, world.crm.tasks),
    ]
    for job in (world.meetings, world.tasks):
        job.run()
    for pair in sides:
        assert len(pair[0]) == len(pair[1]) == 1
        pair[side].delete(pair[side].ids()[0])
    world.clock.advance(1800)
    for job in (world.meetings, world.tasks):
        job.run()

    assert [len(pair[side.other]) for pair in sides] == [0 if deletes else 1] * 2


@pytest.mark.behaviour("CX-04")
@pytest.mark.parametrize("whole", [False, True])
def test_an_occurrence_that_the_crm_has_no_room_for_is_reported(world: World, whole: bool) -> None:
    """Each time that one changes in the mailbox; it stays there as it is, also where the CRM's whole record wins."""
    world.meeting_settings = cx_sales.MeetingSettings(whole_record=whole)
    job, crm, one, other = series(world, exceptions=False)
    events = world.outlook.calendar
    changed = (renamed(10, "First"), renamed(24, "Later"))
    said = []
    for exceptions in (changed[:1], changed):
        events.edit(one, exceptions=exceptions)
        world.clock.advance(1800)
        report = job.run()
        said.append((report.written(), [(note.kind, note.rule) for note in report.notes]))
    events.edit(one, subject="Outlook's")
    crm.edit(other, subject="CRM's")
    world.clock.advance(1800)
    job.run()
    world.clock.advance(1800)

    assert said == [(0, [("not carried", "exceptions")])] * 2
    assert (events.record(one).subject, events.record(one).exceptions) == ("CRM's", changed)
    assert (crm.record(other).subject, crm.record(other).exceptions) == ("CRM's", ())
    assert job.run().written() == 0
