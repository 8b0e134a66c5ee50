"""What is remembered of texts is what was made of them, and takes no more room than it was given."""

import inspect
from collections.abc import Callable

import pytest

from tallystick.remembering import Remembering, remembered
from tallystick.text import canonical_address, digits, fold


def _shouting(asked: list[str], most: int) -> Remembering[str]:
    @remembered(most)
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    return shout


def _made(asked: list[str], ask: Callable[[str], str], *texts: str) -> list[str]:
    asked.clear()
    assert [ask(text) for text in texts] == [text.upper() for text in texts]
    return asked.copy()


def test_a_text_that_comes_again_is_not_made_anew() -> None:
    """What was made of a text is remembered."""
    asked: list[str] = []
    assert _made(asked, _shouting(asked, 2), "a", "a", "b", "a", "b") == ["a", "b"]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    """One text too many, and the others are forgotten; what they give stays the same."""
    asked: list[str] = []
    assert _made(asked, _shouting(asked, 2), "a", "b", "c", "c", "a", "a", "b") == ["a", "b", "c", "a", "b"]


def test_what_is_remembered_can_be_forgotten() -> None:
    """Who measures, or wants the room back, has it forget all."""
    asked: list[str] = []
    shout = _shouting(asked, 2)
    assert _made(asked, shout, "a", "a") == ["a"]
    shout.cache_clear()
    assert _made(asked, shout, "a") == ["a"]


def test_a_failure_is_not_remembered() -> None:
    """A text that could not be used once is tried again when it is asked for again."""
    failures = ["not now"]

    @remembered(2)
    def moody(text: str) -> str:
        if failures:
            raise ValueError(failures.pop())
        return text

    with pytest.raises(ValueError, match="not now"):
        moody("a")
    assert moody("a") == "a"


def test_it_says_what_it_is() -> None:
    """A function that remembers has its name, its words and its parameters."""
    assert canonical_address.__doc__
    assert "254 characters" in canonical_address.__doc__
    assert list(inspect.signature(canonical_address).parameters) == ["address"]


@pytest.mark.parametrize("function", [canonical_address, digits, fold])
def test_its_text_is_given_by_position_and_its_signature_says_so(function: Remembering[str]) -> None:
    """What the reference shows of a function is how it can be called."""
    (parameter,) = inspect.signature(function).parameters.values()
    assert parameter.kind is parameter.POSITIONAL_ONLY
