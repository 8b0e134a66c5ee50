"""Provide histories: a program with the world that it is carried out in, as data.

A seed draws one. As JSON it can be kept, mended and repeated: whatever was ever found is in the corpus beside this
file, and is tried first.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from tallystick import MemoryState, Profile
from tallystick.ports import CreateSafety
from tallystick.profiles import maximizer
from tallystick.providers.memory import Quirks
from tallystick.reconcile import ConflictPolicy, LoserFate, Winner
from tallystick.records import Contact, Entry
from tests.simulation.mutants import deleting
from tests.simulation.program import PEOPLE, Carried, Op, drawn
from tests.simulation.world import CLIENTS, KEY, World

CORPUS = Path(__file__).parent / "corpus"

SAFETIES = (
    (CreateSafety.SEARCHABLE_TAG, 0.0),
    (CreateSafety.SEARCHABLE_TAG, 30.0),
    (CreateSafety.CLIENT_ID, 0.0),
    (CreateSafety.UNIQUE_KEY, 0.0),
    (CreateSafety.SERVER_TOKEN, 0.0),
)


def _settling(policy: ConflictPolicy) -> Callable[[], Profile[Contact, Entry]]:
    return lambda: attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=policy)


VARIANTS: Mapping[str, Callable[[], Profile[Contact, Entry]]] = {
    "maximizer": lambda: maximizer.contacts(favourite_list=CLIENTS),
    "held": _settling(ConflictPolicy(Winner.HOLD)),
    "copied": _settling(ConflictPolicy(Winner.LATEST, LoserFate.COPY)),
    "deleting": lambda: deleting(edit_beats_removal=True),
    "restored": lambda: maximizer.contacts(favourite_list=CLIENTS),
}
"""What a sync may be: each names a profile, and some allow for operations of their own."""

_MORE = {"held": ("resolve", "resolve"), "restored": ("backup", "backup", "restore")}


@attrs.frozen
class History:
    """A program and its world. ``seed`` decides the disorder of the feeds; ``why`` says what it was kept for.

    ``listed``: both sides' listings carry the tokens of creates.
    """

    program: tuple[Op, ...]
    variant: str = "maximizer"
    safety: CreateSafety = CreateSafety.SEARCHABLE_TAG
    lag: float = 0.0
    batch_size: int | None = None
    replays: bool = False
    conditional: bool = True
    delta: bool = True
    listed: bool = False
    seed: int = 0
    why: str = ""

    def world(self, **more: Any) -> World:  # noqa: ANN401 - a world's
        """Return the world before anything has happened."""
        more = {
            "conditional_writes": self.conditional,
            "delta": self.delta,
            "token_in_listings": self.listed,
            **more,
        }
        world = World(
            safety=self.safety,
            lag=self.lag,
            seed=self.seed,
            quirks=Quirks(replays=self.replays),
            batch_size=self.batch_size,
            state=MemoryState(KEY),
            profile=VARIANTS[self.variant](),
            **more,
        )
        if self.variant == "copied" and self.safety is not CreateSafety.SERVER_TOKEN:
            world.sink = None  # copies are all that keeps losers
        return world

    def lived(self, world: World | None = None) -> Carried:
        """Carry the program out to its end, and check everything; raises AssertionError where something is wrong."""
        carried = Carried(world or self.world(), deletes=self.variant == "deleting")
        carried.all(self.program)
        carried.finish()
        return carried

    def text(self) -> str:
        """Return the history as JSON, one operation a line."""
        body = attrs.asdict(self)
        program = ",\n    ".join(json.dumps(op) for op in body.pop("program"))
        head = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in body.items())
        return f'{{\n  {head},\n  "program": [\n    {program}\n  ]\n}}\n'


def read(text: str) -> History:
    """Return the history that :meth:`History.text` made the text of."""
    body = json.loads(text)
    program = tuple((str(name), int(side), int(person), int(extra)) for name, side, person, extra in body["program"])
    return History(**{**body, "program": program, "safety": CreateSafety(body["safety"])})


def of_seed(seed: int, variant: str = "") -> History:
    """Return the history of a seed, of a variant or of each in turn; safeties and sizes go round, too."""
    variant = variant or tuple(VARIANTS)[seed % len(VARIANTS)]
    safety, lag = SAFETIES[seed // len(VARIANTS) % len(SAFETIES)]
    program = drawn(seed, more=_MORE.get(variant, ()))
    if variant == "restored":
        at = seed % (len(program) + 1)
        program[at:at] = forgotten(seed)
    return History(
        tuple(program),
        variant,
        safety,
        lag,
        (None, 1, 2)[seed % 3],
        bool(seed % 2),
        listed=variant == "restored" and bool(seed // 25 % 2),
        seed=seed,
    )


def forgotten(seed: int) -> list[Op]:
    """Return how a state is put back that never knew one pair, of which a record was renamed since."""
    sides, person = seed % 4, seed % PEOPLE
    since: list[Op] = [("insert", sides // 2, person, seed % 64), ("run", 0, 0, 2), ("run", 0, 0, 2)]
    return [("backup", 0, 0, 0), *since, ("rename", sides % 2, person, 0), ("restore", 0, 0, 0)]


def kept() -> list[History]:
    """Return the corpus, in order of the files' names."""
    return [read(path.read_text(encoding="utf-8")) for path in sorted(CORPUS.glob("*.json"))]


@contextmanager
def keeping(history: History, folder: Path = CORPUS) -> Iterator[None]:
    """Keep a history that fails in the corpus, so that it is lived again from now on; the error says where.

    A smaller one that is kept for the same reason takes its place: what Hypothesis draws is kept as it is in the end.
    """
    try:
        yield
    except Exception as error:
        path = folder / f"found-{history.why.replace(' ', '-')}.json"
        path.write_text(history.text(), encoding="utf-8")
        error.add_note(f"the history is kept as {path}, and lived again by tests/simulation/test_programs.py")
        raise
