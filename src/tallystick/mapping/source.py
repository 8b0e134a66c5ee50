"""Provide the making of functions from generated source."""

from collections.abc import Mapping, Sequence


def made_function(name: str, lines: Sequence[str], names: Mapping[str, object]) -> object:
    """Return the function ``name`` that ``lines`` define; ``names`` are what it may refer to.

    The source is made of field names that attrs accepted as attributes and of numbers; nothing of it is input.
    """
    code = compile("\n".join(lines), f"<compiled mapping: {name}>", "exec")
    space = dict(names)
    exec(code, space)  # noqa: S102 - see above
    return space[name]
