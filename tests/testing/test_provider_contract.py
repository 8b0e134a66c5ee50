"""The provider's contract holds for our own providers, and each of its checks can fail."""

from typing import Any

import attrs
import pytest

from tallystick.errors import UsageError
from tallystick.ports import CreateSafety
from tallystick.testing import AsyncProviderContract, ContractBroken, ProviderContract, Verdict
from tallystick.testing.provider_contract import PROVIDER_CHECKS
from tests.testing import broken
from tests.testing.broken import ABLE, SAMPLES, Whole

CAUGHT: dict[str, str] = {
    "NamelessAccount": "account",
    "NoScopes": "scopes are named",
    "SortedAnswers": "get answers in order",
    "MissingAnswers": "get answers in order",
    "NumbersForVersions": "answers have their types",
    "StaleReads": "get shows the record",
    "ReadsOnlyTheList": "get sees beyond the list",
    "GoneIsForbidden": "get tells what is gone",
    "GoneRaises": "get tells what is gone",
    "SmallReads": "read_size",
    "ConstantVersions": "versions move",
    "RestlessVersions": "versions rest",
    "LocalTimes": "times are those of edits",
    "QuotedVersions": "versions agree",
    "BlindSearch": "search finds",
    "GreedySearch": "search finds nothing",
    "FirstTermOnly": "search takes many terms",
    "DoubledHits": "search takes many terms",
    "SearchesOnlyTheList": "search sees beyond the list",
    "FirstPageOnly": "a listing is complete",
    "Phantom": "an empty service lists nothing",
    "ShortRecords": "a listing shows the record",
    "EveryoneIsListed": "a listing knows its members",
    "TwoMinds": "a page says one thing of an id",
    "RestingCursor": "cursors move",
    "CirclingPages": "an edit while listing is told",
    "DeafFeed": "an edit is told",
    "EditsOnly": "a new record is told",
    "SilentDeletions": "a deletion is told",
    "SilentLeaving": "leaving is told",
    "SilentJoining": "joining is told",
    "ListsEverything": "only changes are told",
    "CursorTakenLate": "an edit while listing is told",
    "AcknowledgedCursors": "a cursor can be asked again",
    "ForgivingCursors": "an expired cursor is refused",
    "NothingWhenThrottled": "a throttled reading",
    "GoneWhenItFails": "a reading that fails",
    "SignedOutIsRaw": "a reading while signed out",
    "ThrottledIsRefused": "a throttled write",
    "ThrottledByAText": "a throttled write",
    "FailureIsRefused": "a write that fails",
    "SilenceIsUnavailable": "a write without an answer",
    "DroppedFields": "a create arrives",
    "EarlyAnswers": "a create is answered as read",
    "EmptyAnswers": "a create arrives",
    "AlwaysOnTheList": "a create keeps the list",
    "ReversedOutcomes": "creates come in batches",
    "ShortOutcomes": "creates come in batches",
    "SwallowedRefusals": "a bad create spares others",
    "OwnWritesUntold": "a create is listed",
    "ForgottenTokens": "a repeat makes no second",
    "RepeatIsRefused": "a repeat makes no second",
    "DeletedAnswers": "a deleted record is no answer",
    "OwnIds": "the token is the id",
    "UnsearchableTokens": "a token is found",
    "FragileTokens": "a token outlives edits",
    "AnyToken": "no foreign token is found",
    "UnlistedTokens": "tokens are listed",
    "OneTokenForAll": "a user's record has no token of ours",
    "EmptyUpdates": "an update arrives",
    "WholeRecordUpdates": "an update leaves other fields",
    "RecordsPutAnew": "an update leaves other fields",
    "OldAnswers": "an update is answered as read",
    "LastWriterWins": "an update is conditional",
    "UnconditionalJoining": "an update is conditional",
    "ReversedUpdates": "a bad write spares others",
    "CutTexts": "long texts arrive",
    "VersionRequired": "an update needs no version",
    "Upsert": "an update of what is gone",
    "GoneIsChanged": "an update of what is gone",
    "LeavingDeletes": "an update sets the list",
    "UnsetIsFalse": "an update sets the list",
    "NothingToWrite": "an update of the list alone",
    "ReplacedRecords": "ids are stable",
    "AllOrNothing": "a bad write spares others",
    "LateFeed": "an update is told as read",
    "EmptyRemovals": "a removal removes",
    "RemovalRaises": "a removal of what is gone",
    "RemovalsStop": "a bad removal spares others",
}
"""By fault, the check that has to name it."""


class Modest(Whole):
    """A provider that can do more than it says."""

    served = ABLE


def contract(made: type[Whole], **able: Any) -> ProviderContract[Any]:  # noqa: ANN401 -- capabilities by name
    """Return the contract of a class of provider."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        provider = type(made.__name__, (made,), {"able": attrs.evolve(made.able, **able)})()
        return provider, provider.door()

    return ProviderContract(make, SAMPLES)


@pytest.mark.behaviour("TS-10")
@pytest.mark.parametrize("fault", CAUGHT)
def test_a_fault_is_caught_by_the_check_that_is_named_for_it(fault: str) -> None:
    """Each provider that is broken on purpose is caught by the check that promises the opposite."""
    results = contract(getattr(broken, fault)).check([CAUGHT[fault]])

    assert [one.check for one in results.broken] == [CAUGHT[fault]], results.table()
    with pytest.raises(ContractBroken, match=CAUGHT[fault]):
        results.require()


@pytest.mark.behaviour("TS-10")
def test_every_check_has_a_fault_that_it_catches() -> None:
    """No check is one that can't fail, and no broken provider is left out."""
    faults = {name for name, value in vars(broken).items() if isinstance(value, type) and issubclass(value, Whole)}
    also = {one.check for one in contract(broken.LastWriterWins).check().broken}

    assert faults - {"Whole"} == CAUGHT.keys()
    assert {check.name for check in PROVIDER_CHECKS} == {*CAUGHT.values(), *also}


@pytest.mark.behaviour("TS-10")
@pytest.mark.parametrize("safety", CreateSafety)
def test_a_provider_that_works_holds(safety: CreateSafety) -> None:
    """A provider that works holds every promise it declares, however its creates are made safe."""
    listed = safety in (CreateSafety.UNIQUE_KEY, CreateSafety.SEARCHABLE_TAG)
    results = contract(Whole, create_safety=safety, token_in_listings=listed).check()

    assert not results.broken, results.table()
    assert sum(one.verdict is Verdict.HELD for one in results.findings) >= 45


@pytest.mark.behaviour("TS-10")
def test_what_works_undeclared_is_a_remark_and_no_error() -> None:
    """A capability that is there and not declared is remarked on; one that is neither is not tried."""
    modest = contract(Modest, conditional_writes=False, stable_ids=False, delta=False).check()
    careless = contract(broken.LastWriterWins, conditional_writes=False).check()

    assert not modest.broken
    assert {one.check for one in modest.remarks} >= {
        "an update is conditional",
        "ids are stable",
        "only changes are told",
    }
    assert careless.verdict("an update is conditional") is Verdict.UNTRIED
    careless.require()


@pytest.mark.behaviour("TS-10")
def test_what_the_samples_leave_untried_is_said_with_what_to_give() -> None:
    """A fault that short samples can't show is untried, and the reason says which samples would show it."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        whole = broken.FirstPageOnly()
        return whole, whole.door()

    short = attrs.evolve(SAMPLES, edit={"company_name": "Example Ltd"}, listing=2, refused=None, now=None)
    few = ProviderContract(make, short).check()
    reasons = {one.check: one.why for one in few.findings if one.verdict is Verdict.UNTRIED}

    assert not few.broken, few.table()
    assert "smaller pages" in reasons["cursors move"]
    assert "listing" in reasons["an edit while listing is told"]
    assert "200 characters" in reasons["long texts arrive"]
    assert "refused=" in reasons["a bad create spares others"]
    assert "now=" in reasons["times are those of edits"]


@pytest.mark.behaviour("TS-10")
def test_the_table_names_every_check_and_no_contents() -> None:
    """The table is for reading and for logs: verdicts, checks and reasons, and no value of a record."""
    table = contract(broken.DroppedFields).check().table()

    assert table.startswith("DroppedFields: ")
    assert "broken   a create arrives" in table
    assert all(check.name in table for check in PROVIDER_CHECKS)
    assert not [value for value in ("Given", "Family", "@example.com", "Example Ltd") if value in table]


@pytest.mark.behaviour("TS-10")
@pytest.mark.parametrize(
    ("kind", "made", "said"),
    [
        (ProviderContract, Whole, "a Whole is no provider and its back door"),
        (ProviderContract, lambda: (object(), Whole().door()), "a object is no provider: it lacks account"),
        (ProviderContract, lambda: (Whole(), object()), "a object is no back door: it lacks delete, edit"),
        (AsyncProviderContract, lambda: (Whole(), Whole().door()), "a Whole blocks -- use ProviderContract"),
    ],
    ids=["no pair", "no provider", "no door", "blocks"],
)
def test_a_mistake_in_the_trial_is_no_fault_of_the_provider(kind: Any, made: Any, said: str) -> None:  # noqa: ANN401
    """What ``make`` returns is looked at before any promise is tried, and what is wrong with it is said once."""
    with pytest.raises(UsageError, match=said):
        kind(made, SAMPLES).check()


@pytest.mark.behaviour("TS-10")
def test_a_check_that_there_is_none_of_is_refused() -> None:
    """A name that is misspelt is no proof that nothing is broken."""
    with pytest.raises(UsageError, match="did you mean 'a listing is complete'"):
        contract(broken.FirstPageOnly).check(["a listing is complete?"])
