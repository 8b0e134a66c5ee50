"""Values that are made quickly are as attrs makes them."""

import copy
import inspect
import pickle
from collections.abc import Callable

import attrs
import pytest

from tallystick.making import quickly_made
from tallystick.ports import Item, Link, WriteKind
from tallystick.ports.side import Side
from tallystick.reconcile.step import Step
from tallystick.records import Contact, Entry


@attrs.frozen
class _Slow:
    name: str
    _hidden: int = 7
    found: list[str] = attrs.field(factory=list)
    mark: str = attrs.field(default="", repr=False, eq=False)


@quickly_made
@attrs.frozen
class _Quick:
    name: str
    _hidden: int = 7
    found: list[str] = attrs.field(factory=list)
    mark: str = attrs.field(default="", repr=False, eq=False)


CALLS: dict[str, Callable[[Callable[..., object]], object]] = {
    "the least": lambda made: made("a"),
    "by position": lambda made: made("a", 1, ["x"], "m"),
    "by name": lambda made: made(name="a", hidden=2, mark="m"),
    "nothing for a list": lambda made: made("a", found=attrs.NOTHING),
    "too little": lambda made: made(),
    "too much": lambda made: made("a", "b", [], "", 5),
    "unknown name": lambda made: made("a", _hidden=2),
}


def _result(call: Callable[[Callable[..., object]], object], made: type[attrs.AttrsInstance]) -> object:
    try:
        return attrs.astuple(call(made))  # type: ignore[arg-type]  # both are classes of attrs
    except TypeError as error:
        return str(error).replace(made.__name__, "")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_call_gives_what_it_gave(call: Callable[[Callable[..., object]], object]) -> None:
    """Whatever is passed, by position, by name or not at all, the value is the one that attrs makes, or its error."""
    assert _result(call, _Quick) == _result(call, _Slow)


def test_each_value_has_a_default_of_its_own() -> None:
    """What is made anew for each value is not shared by two."""
    assert _Quick("a").found is not _Quick("a").found


@pytest.mark.parametrize("made", [_Quick, Item, Link, Step, Contact, Entry])
def test_the_signature_is_that_of_attrs(made: type) -> None:
    """What is shown of the class says which values it takes."""
    found = [one.alias for one in attrs.fields(made)]
    assert list(inspect.signature(made).parameters) == found


@pytest.mark.parametrize(
    "value",
    [
        _Quick("a"),
        Item("a", "1", Contact("Ada")),
        Link(("a", "b"), ("1", None), (True, True), (b"", b"")),
        Step(WriteKind.UPDATE, Side.LEFT, "a", "1", "b", "2", "changed"),
        Contact("Ada"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_frozen_once_it_was_made(value: attrs.AttrsInstance) -> None:
    """No field can be set or deleted, the class is the one that was called, and a copy of any kind is equal."""
    name = attrs.fields(type(value))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, name, "other")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        delattr(value, name)
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 -- our own


def test_a_subclass_of_a_host_is_made_as_well() -> None:
    """A host's own class of contacts, of attrs or not, has the fields of a contact and its own."""

    class Plain(Contact):
        pass

    @attrs.frozen
    class More(Contact):
        nature: str = ""

    plain, more = Plain("Ada", surname="Example"), More("Ada", surname="Example", nature="kind")
    assert (type(plain), plain.given_name, plain.surname) == (Plain, "Ada", "Example")
    assert (type(more), more.given_name, more.surname, more.nature) == (More, "Ada", "Example", "kind")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        plain.surname = "Other"  # type: ignore[misc]  # which is what is tried


def test_what_does_more_than_set_its_fields_is_refused() -> None:
    """A class that checks or changes what it is given can't be made quickly: its checks would be left out."""

    @attrs.frozen
    class Checked:
        size: int = attrs.field(validator=attrs.validators.gt(0))

    @attrs.frozen
    class Converted:
        size: int = attrs.field(converter=int)

    @attrs.frozen(kw_only=True)
    class Named:
        size: int

    @attrs.frozen
    class Counted:
        size: int = attrs.field(default=0, init=False)

    @attrs.frozen
    class Finished:
        size: int

        def __attrs_post_init__(self) -> None:
            """Do more."""

    for made in (Checked, Converted, Named, Counted, Finished):
        with pytest.raises(TypeError, match=made.__name__):
            quickly_made(made)
