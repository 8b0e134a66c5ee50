"""Hunt broken engines down: live histories under each until one of them finds it out."""

from collections.abc import Sequence

import pytest

from tallystick.errors import TallystickError
from tests.simulation.history import History, kept, of_seed
from tests.simulation.mutants import Mutant


def survives(mutant: Mutant, history: History) -> bool:
    """Tell whether a broken engine gets through a history: only what it did wrong counts, no error of its making."""
    world = history.world(**mutant.settings)
    mutant.setting(world)
    try:
        history.lived(world)
    except (AssertionError, TallystickError):
        return False
    return True


def killer_of(mutant: Mutant, patch: pytest.MonkeyPatch) -> History | None:
    """Return the first history that finds a broken engine out: of the corpus, or of its number of seeds."""
    mutant.patch(patch)
    corpus = [history for history in kept() if mutant.variant in ("", history.variant)]
    histories = (*corpus, *(of_seed(seed, mutant.variant) for seed in range(mutant.seeds)))
    return next((history for history in histories if not survives(mutant, history)), None)


def survivors(mutants: Sequence[Mutant]) -> list[str]:
    """Return the names of the broken engines that nothing finds out."""
    left = []
    for mutant in mutants:
        with pytest.MonkeyPatch.context() as patch:
            if killer_of(mutant, patch) is None:
                left.append(mutant.name)
    return left
