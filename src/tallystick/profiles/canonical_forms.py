"""Provide the canonical forms that rules of several field tables have."""

from collections.abc import Hashable

from tallystick.records import Relation


def unchanged(value: Hashable) -> Hashable:
    """Return a value that is its own canonical form."""
    return value


def said_relation(relation: Relation) -> tuple[str, str]:
    """Return what a related record is known by: kind and id."""
    return (relation.kind.value, relation.id)


def said_relations(relations: tuple[Relation, ...]) -> Hashable:
    """Return related records as they are compared: order plays no part."""
    return tuple(sorted(map(said_relation, relations)))
