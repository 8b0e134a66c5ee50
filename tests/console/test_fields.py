"""Every record of the library comes back from its form as it was, and with what was typed."""

from enum import StrEnum

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.console.fields import LONGEST, form_of, typed
from tallystick.console.forms import Form
from tallystick.errors import UsageError
from tallystick.mapping import evolved
from tallystick.records import Contact, CrmTask, EmailAddress, Entry, EntryKind, Phone, PostalAddress, TodoTask

texts = st.text(max_size=30)
addresses = st.builds(PostalAddress, texts, texts, texts, texts, texts)
contacts = st.builds(
    Contact,
    given_name=texts,
    personal_notes=texts,
    email_addresses=st.lists(st.builds(EmailAddress, texts, texts), max_size=3).map(tuple),
    business_phones=st.lists(texts, max_size=3).map(tuple),
    home_address=addresses,
    birthday=st.none() | st.dates(),
)
entries = st.builds(
    Entry,
    kind=st.sampled_from(EntryKind),
    emails=st.lists(texts, max_size=3).map(tuple),
    phones=st.lists(st.builds(Phone, texts, texts), max_size=4).map(tuple),
    notes=texts,
    birthday=st.none() | st.dates(),
)


def sent(record: object, **more: str) -> Form:
    """Return what a browser sends of a form: lines end as browsers end them."""
    found = {one.sent: [one.value.replace("\n", "\r\n")] for field in form_of(record) for one in field.inputs}
    return Form({**found, **{"field." + name.replace("__", "."): [text] for name, text in more.items()}})


@pytest.mark.property
@given(record=contacts | entries)
def test_what_is_not_touched_is_not_written(record: object) -> None:
    """A form that comes back as it was corrects nothing, whatever stands in the record."""
    assert typed(record, sent(record)) == {}


@pytest.mark.property
@given(record=contacts, text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_what_was_typed_is_what_is_written(record: Contact, text: str) -> None:
    """That field alone, and as it was typed."""
    fields = typed(record, sent(record, job_title=text))
    assert evolved(record, fields) == attrs.evolve(record, job_title=text)


def test_rows_are_added_changed_and_emptied() -> None:
    """The empty one at the end makes a new one; one that is emptied goes."""
    entry = Entry(emails=("a@example.com", "b@example.com"), phones=(Phone("Main", "1"), Phone("Cell", "2")))
    typed_ = sent(entry, emails__0="", emails__2="c@example.com", phones__0__label="", phones__0__number="")

    assert typed(entry, typed_) == {"emails": ("b@example.com", "c@example.com"), "phones": (Phone("Cell", "2"),)}


def test_slots_keep_their_places() -> None:
    """Where an empty one stands before a filled one, places count."""
    entry = Entry(emails=("", "b@example.com", "c@example.com"))
    assert typed(entry, sent(entry, emails__1="")) == {"emails": ("", "", "c@example.com")}


def test_a_choice_and_a_box() -> None:
    """A choice is one of its own, and a box that is not ticked says no."""

    class Colour(StrEnum):
        RED = "red"
        BLUE = "blue"

    @attrs.frozen
    class Own:
        colour: Colour = Colour.RED
        done: bool = True

    assert typed(Own(), sent(Own(), colour="blue", done="")) == {"colour": Colour.BLUE, "done": False}
    with pytest.raises(UsageError, match="none of its choices"):
        typed(Own(), sent(Own(), colour="green"))


def test_a_record_that_is_a_dict_has_a_form_too() -> None:
    """Its texts can be corrected, whatever else it holds is shown."""
    record = {"name": "Ada", "tags": [1, 2], "none": None}
    forms = {field.name: field for field in form_of(record)}
    assert [one.value for one in forms["name"].inputs] == ["Ada"]
    assert forms["tags"].fixed is not None
    assert typed(record, sent(record, name="Grace")) == {"name": "Grace"}


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "bell\x07", "half \ud800"])
def test_what_no_form_can_send_back_is_only_shown(text: str) -> None:
    """It is never cut or mangled by a correction of something else."""
    record = Contact(personal_notes=text)
    (notes,) = (field for field in form_of(record) if field.name == "personal_notes")
    assert notes.fixed is not None
    assert typed(record, Form({"field.personal_notes": ["other"]})) == {}


def test_what_is_too_long_is_told() -> None:
    """By its field, and without what was typed."""
    with pytest.raises(UsageError, match="personal notes is too long"):
        typed(Contact(), sent(Contact(), personal_notes="x" * (LONGEST + 1)))


@pytest.mark.parametrize("record", [TodoTask(), CrmTask()])
def test_other_records_have_forms_too(record: object) -> None:
    """Whatever can't be typed is shown."""
    assert any(field.inputs for field in form_of(record))
    assert typed(record, sent(record)) == {}


def test_a_field_with_a_name_of_the_forms_own_is_not_taken_for_it() -> None:
    """A record may have a field that is called as something that every form has; neither is taken for the other."""

    @attrs.frozen
    class Pass:
        token: str = "before"
        shown: str = ""

    form = Form({"token": ["the form's"], "shown": ["the page's"], "field.token": ["typed"], "field.shown": [""]})
    assert typed(Pass(), form) == {"token": "typed"}
