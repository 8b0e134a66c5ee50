"""Provide what several syncs do about a record that goes."""

from tallystick.reconcile import RemovalAction, RemovalPolicy


def removal_policy(*, deletes: bool) -> RemovalPolicy:
    """Return that what is deleted goes from the other side, too, or else is remembered; what leaves the scope stays."""
    deleted = RemovalAction.DELETE if deletes else RemovalAction.TOMBSTONE
    return RemovalPolicy(deleted=deleted, out_of_scope=RemovalAction.KEEP)
