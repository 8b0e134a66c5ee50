"""Provide the refusal of JSON in which a name comes twice: whichever value were taken, the other would be lost."""


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these pairs; for ``json.loads``. Raises ValueError."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
