"""Plans, reports, reasons and the change table in words: every line, and no line without a reason."""

from datetime import timedelta

import attrs
import pytest

from tallystick.ports import Link, Parked, ParkedKind, RunState, Side, WriteKind
from tallystick.reconcile import Bucket, Plan, Report
from tallystick.reconcile.guards import Figure
from tallystick.reconcile.plan import Note, Recovered
from tallystick.reconcile.reasons import WORDS, is_resolvable, refused, words
from tallystick.reconcile.step import Step
from tallystick.reconcile.table import Case, as_markdown
from tests.reconcile.given import NOW, L, R, row

EMPTY = Plan("ada/people", "people", 1, "name@1", True, ("*", "*"), ("", ""), (None, None), (None, None), 12)
LINK = Link(("l", "r"), (None, None), (True, True), (b"", b""))


def step(kind: WriteKind, side: Side, target: str, *rules: str) -> Step:
    """Return a step."""
    return Step(kind, side, target, None, "s", None, "changed", rules=rules)


STEPS = (
    step(WriteKind.CREATE, L, "", "name"),
    step(WriteKind.UPDATE, R, "r1", "name", "title"),
    step(WriteKind.UPDATE, R, "r2"),
    step(WriteKind.REMOVE, R, "r3", "name"),
)


def test_a_plan_with_nothing_to_do_says_so_in_three_lines() -> None:
    """What it is a plan of, and for each side that nothing is written."""
    assert EMPTY.summary() == (
        "Plan of ada/people (people), initial run, 12 pairs so far\n  left   no write\n  right  no write"
    )
    incremental = attrs.evolve(EMPTY, initial=False)
    heads = [
        attrs.evolve(incremental, **more).summary().splitlines()[0]
        for more in ({}, {"partial": True}, {"partial": True, "undoes": 3})
    ]
    assert [head.split(", ")[1] for head in heads] == ["incremental run", "a person's choice", "run 3 taken back"]


def test_a_plan_tells_what_it_does_and_what_it_leaves() -> None:
    """Writes by side and kind, what is only remembered, what ends, what is left and why, and what stops it."""
    rows = (
        row(L, "a", None, ParkedKind.IGNORED, "duplicate"),
        row(L, "b", None, ParkedKind.IGNORED, "missing:name"),
        row(L, "c", None, ParkedKind.IGNORED, "missing:name"),
        row(L, "d", None, ParkedKind.LEFT, "counterpart_ended"),
    )
    plan = attrs.evolve(
        EMPTY,
        steps=STEPS,
        links=(LINK,) * 5,
        refreshed=2,
        unlinked=(1, 2),
        parked=rows,
        notes=(Note(Note.LOST, L, "a", "title"), Note(Note.LOST, R, "b", "title"), Note(Note.DIFFERS, L, "a", "name")),
        figures=(Figure("left.removals", 3, 2), Figure("right.creates", 1, 2)),
        recovered=Recovered(in_doubt=((L, "a"), (R, "b")), links=(LINK,) * 2, ended=(LINK,)),
        altered=("rule_added:name",),
    )

    assert plan.summary().splitlines()[1:] == [
        "  left   create 1",
        "  right  update 2, remove 1",
        "  the mapping has a new rule (name): every pair is looked at again",
        "  3 pairs are equal already and only remembered",
        "  3 pairs end without a write",
        "  2 left alone: a mandatory field is empty (name)",
        "  1 left alone: another record of this side has the same match keys; merge them, or change or remove one",
        "  2 lost: title",
        "  1 differs: name",
        "  2 pairs have what an earlier run wrote without an answer; it is only remembered",
        "  2 in doubt from an earlier run, left alone",
        "  STOPS: left.removals 3, allowed 2",
    ]
    single = attrs.evolve(EMPTY, links=(LINK,), unlinked=(1,), recovered=Recovered(links=(LINK,))).summary()
    assert single.splitlines()[3:] == [
        "  1 pair is equal already and only remembered",
        "  1 pair ends without a write",
        "  1 pair has what an earlier run wrote without an answer; it is only remembered",
    ]
    assert plan.stops == (Figure("left.removals", 3, 2),)
    assert plan.writes() == {(L, WriteKind.CREATE): 1, (R, WriteKind.UPDATE): 2, (R, WriteKind.REMOVE): 1}


def test_the_details_of_a_plan_are_a_line_a_step() -> None:
    """Side, kind, record, the rules that are written, and why; beyond the limit only how many there are."""
    plan = attrs.evolve(EMPTY, steps=STEPS)
    lines = [
        "left  create for s: changed on the other side",
        "right update r1 (name, title): changed on the other side",
        "right update r2: changed on the other side",
        "right remove r3 (name): changed on the other side",
    ]

    assert plan.details().splitlines() == plan.details(4).splitlines() == lines
    assert plan.details(3).splitlines() == [*lines[:3], "... and 1 more"]
    assert plan.details(0) == "... and 4 more"
    assert EMPTY.details() == ""


def test_a_plan_leaves_alone_what_is_in_doubt_and_what_was_just_found() -> None:
    """Records in doubt, both of each pair that was found done, and what was created and is no pair's."""
    parked = Parked(R, "copy", None, ParkedKind.LEFT, ("copy_of_a_loser",))
    found = Recovered(in_doubt=((L, "a"),), links=(LINK,), parked=(parked,))

    assert list(found.left_alone()) == [(L, "a"), (L, "l"), (R, "r"), (R, "copy")]


REPORT = Report(
    *(4, RunState.COMPLETE, True, NOW, NOW + timedelta(seconds=1.26), 3, 2, ""),
    buckets={bucket: number for number, bucket in enumerate(Bucket)},
    writes={(L, WriteKind.CREATE): 2, (R, WriteKind.CREATE): 1, (R, WriteKind.UPDATE): 4},
)


def test_a_report_tells_what_was_done() -> None:
    """How it ended and how long it took, every bucket that holds something, writes by side and kind, and its note."""
    head, *rest = REPORT.summary().splitlines()

    assert head == f"Run 4: {RunState.COMPLETE} (initial run), 1.3 s"
    assert rest == [
        "  synced 3, ignored 2",
        "  synced 1, ignored 2, out of scope 3, conflict 4, failed 5, in doubt 6",
        "  left   create 2",
        "  right  create 1, update 4",
    ]
    told = attrs.evolve(REPORT, initial=False, writes={}, altered=("rule_added:name",), note="done").summary()
    assert told.splitlines()[0] == f"Run 4: {RunState.COMPLETE}, 1.3 s"
    assert told.splitlines()[3:] == [
        "  left   no write",
        "  right  no write",
        "  the mapping has a new rule (name): every pair was looked at again",
        "  done",
    ]
    assert REPORT.conflicts == 4


@pytest.mark.parametrize(
    ("side", "kind", "count"),
    [
        (None, None, 7),
        (L, None, 2),
        (R, None, 5),
        (None, WriteKind.CREATE, 3),
        (R, WriteKind.CREATE, 1),
        (L, WriteKind.UPDATE, 0),
    ],
)
def test_writes_are_counted_by_side_and_kind(side: Side | None, kind: WriteKind | None, count: int) -> None:
    """All of them, those of a side, of a kind, or of both."""
    assert REPORT.written(side, kind) == count


@pytest.mark.parametrize(
    ("reason", "resolvable"),
    [
        ("missing:name", True),
        ("invalid", True),
        ("unknown_name:list", True),
        ("several_of_this_name", True),
        ("refused:invalid_title", True),
        ("blocked:missing", True),
        ("duplicate", False),
        ("refused:quota", False),
        ("refused", False),
        ("duplicate:missing", False),
    ],
)
def test_missing_and_invalid_data_can_be_mended_by_a_correction(reason: str, resolvable: bool) -> None:
    """So can what a service refuses for such a reason, and nothing else."""
    assert is_resolvable(reason) is resolvable


def test_a_reason_is_said_in_words_with_its_name() -> None:
    """A code that has no words is read as it stands, the name behind its colon in brackets."""
    assert words("new") == WORDS["new"]
    assert words("missing:name:first") == "a mandatory field is empty (name:first)"
    assert words("too_old:") == "too old"
    assert words("too_old_by_far:three_days") == "too old by far (three_days)"


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        ("", "refused", ""),
        (None, "refused", ""),
        (507, "refused:507", " (507)"),
        ("full\x07\n", "refused:full", " (full)"),
        ("x" * 500, f"refused:{'x' * 100}", f" ({'x' * 100})"),
        ("nul", "refused:nul", " (nul)"),
        ("odd:title", "refused:odd:title", " (odd:title)"),
        ("nul:note", "refused:nul:note", ": a character that no text has; take it out (note)"),
        ("nul:a:b", "refused:nul:a:b", ": a character that no text has; take it out (a:b)"),
    ],
)
def test_a_refused_write_is_told_with_the_services_own_code(code: object, reason: str, said: str) -> None:
    """In one line, however long the code is; where a file gave it, with what it means and the field."""
    assert refused(code) == reason
    assert words(reason) == WORDS["refused"] + said
    assert words("missing:nul:note") == f"{WORDS['missing']} (nul:note)"


def test_the_change_table_is_printed_cell_by_cell() -> None:
    """A row for each change of the left side, a column for each of the right."""
    assert list(as_markdown()) == [
        "| left \\ right | unchanged | changed | absent |",
        "|---|---|---|---|",
        f"| **unchanged** | {Case.IN_SYNC} | {Case.CARRY_LEFT} | {Case.GONE_RIGHT} |",
        f"| **changed** | {Case.CARRY_RIGHT} | {Case.MERGE} | {Case.GONE_RIGHT_EDITED} |",
        f"| **absent** | {Case.GONE_LEFT} | {Case.GONE_LEFT_EDITED} | {Case.BOTH_GONE} |",
    ]
