"""Provide several decisions under way at once: what each asks next goes out with what the others ask."""

from collections.abc import Sequence
from typing import TypeVar

from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all

T = TypeVar("T")


def side_by_side(askings: Sequence[Asking[T]]) -> Asking[list[T]]:
    """Return what each decision comes to. The first error of any of them is that of all."""
    results: dict[int, T] = {}
    answers: dict[int, Sequence[Answer] | None] = dict.fromkeys(range(len(askings)))
    try:
        while answers:
            asked: dict[int, Sequence[Ask]] = {}
            for number, given in answers.items():
                try:
                    asked[number] = next(askings[number]) if given is None else askings[number].send(given)
                except StopIteration as end:
                    results[number] = end.value
            found = iter((yield from ask_all([ask for asks in asked.values() for ask in asks])))
            answers = {number: [next(found) for _ in asks] for number, asks in asked.items()}
    finally:
        for asking in askings:
            asking.close()
    return [results[number] for number in range(len(askings))]
