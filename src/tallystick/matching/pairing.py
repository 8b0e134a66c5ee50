"""Provide pairing: one to one, or ambiguous and left alone.

A record of one side and a record of the other become a pair if each is the only candidate of the other. Whoever has
several candidates, or a candidate that is also somebody else's, is ambiguous, and so are the candidates: a guess
here is how the wrong two records become one, and nothing tells afterwards.
"""

import attrs

from tallystick.matching.index import KeyIndex

Candidates = dict[str, tuple[str, ...]]


@attrs.define
class Pairing:
    """The result: pairs (left id, right id), ambiguous ids by side with the ids that stand in the way, and the rest."""

    pairs: list[tuple[str, str]]
    ambiguous: tuple[Candidates, Candidates]
    unmatched: tuple[list[str], list[str]]


def pair(left: KeyIndex, right: KeyIndex) -> Pairing:
    """Return which records of both indexes belong together."""
    candidates, unmatched = _candidates(left, right)
    pairs: list[tuple[str, str]] = []
    ambiguous: tuple[Candidates, Candidates] = ({}, {})
    claimed = candidates[1]
    for one, hits in candidates[0].items():
        if len(hits) == 1 and len(claimed[hits[0]]) == 1:
            pairs.append((one, hits[0]))
        else:
            ambiguous[0][one] = hits
            for hit in hits:
                ambiguous[1][hit] = candidates[1][hit]
    rest = [one for one in right.keys if one not in candidates[1]]
    return Pairing(pairs, ambiguous, (unmatched, rest))


def _candidates(left: KeyIndex, right: KeyIndex) -> tuple[tuple[Candidates, Candidates], list[str]]:
    """Return, by side, whom each record shares a key with, and the left records that share none."""
    candidates: tuple[Candidates, Candidates] = ({}, {})
    claimed = candidates[1]
    unmatched: list[str] = []
    owner, others = right.owner, right.others
    for one, keys in left.keys.items():
        hits: tuple[str, ...] = ()
        for key in keys:
            hit = owner.get(key)
            if hit is not None:
                if hit not in hits:
                    hits = (*hits, hit) if hits else (hit,)
                if key in others:
                    hits = tuple(dict.fromkeys([*hits, *others[key]]))
        if hits:
            candidates[0][one] = hits
            for hit in hits:
                claimed[hit] = (*claimed[hit], one) if hit in claimed else (one,)
        else:
            unmatched.append(one)
    return candidates, unmatched
