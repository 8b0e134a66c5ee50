"""Provide the remembering of what was made of texts that come again, as many as there is room for.

What is full forgets all. An LRU, which forgets what was asked for least lately, has to note every asking in places that
lie far apart; among tens of thousands of texts that costs more than making some of them anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar, cast

Text = TypeVar("Text")
Text_contra = TypeVar("Text_contra", contravariant=True)


class Remembering(Protocol[Text_contra]):
    """A function of a text that remembers what it returned."""

    def __call__(self, text: Text_contra, /) -> str: ...  # noqa: D102 -- as the function that it stands for

    def cache_clear(self) -> None:
        """Forget all."""


class _Known(dict[Text, str]):
    """What was made of each text; what is missing is made when it is asked for."""

    def __init__(self, make: Callable[[Text], str], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, text: Text) -> str:
        made = self._make(text)
        if len(self) >= self._most:
            self.clear()
        self[text] = made
        return made


def remembered(most: int) -> Callable[[Callable[[Text], str]], Remembering[Text]]:
    """Return the decorator for a function that makes the same of the same text; ``most`` texts are remembered."""

    def remembering(make: Callable[[Text], str]) -> Remembering[Text]:
        known = _Known(make, most)

        @wraps(make)
        def looked_up(text: Text, /) -> str:
            return known[text]

        looked_up.cache_clear = known.clear  # type: ignore[attr-defined]  # as functools names it
        return cast("Remembering[Text]", looked_up)

    return remembering
