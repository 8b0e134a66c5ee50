"""Who has set what, and what holds: product, administrator, lock, user."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

import attrs
import pytest

from tallystick.errors import InvalidSettings, LockedSetting, SettingsError
from tallystick.settings import Administration, Filled, KnownZone, Settings, Source, Within, fingerprint, setting


class Mode(StrEnum):
    """Which messages are taken."""

    OFF = "off"
    ALL = "all"
    DESIGNATED = "designated"


@attrs.frozen(kw_only=True)
class ExampleSettings:
    """Settings of every kind that these tests need."""

    name: ClassVar[str] = "example"

    mode: Mode = setting(Mode.OFF, "which messages are taken", extent=True)
    look_back: int = setting(7, "how many days back a run looks", extent=True, checks=(Within(1, 30),))
    interval: timedelta = setting(
        timedelta(hours=1), "the time between two runs", checks=(Within(timedelta(minutes=30)),)
    )
    zone: str = setting("UTC", "where the user lives", checks=(KnownZone(),))
    folders: tuple[str, ...] = setting(("Inbox", "Sent Items"), "where it looks", checks=(Filled(),))
    type: str | None = setting(None, "the type of new entries")

    def __attrs_post_init__(self) -> None:
        if self.mode is Mode.ALL and not self.type:
            raise SettingsError("all messages need a type")


ORGANISATION = Administration(ExampleSettings)


@pytest.mark.behaviour("LP-14")
@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("administered", [False, True])
@pytest.mark.parametrize("locked", [False, True])
def test_locked_beats_the_user_who_beats_the_administrator_who_beats_the_product(
    chosen: bool, administered: bool, locked: bool
) -> None:
    """Of the four who may say what holds, the first of lock, user, administrator and product does."""
    administration = ORGANISATION.sets(look_back=14) if administered else ORGANISATION
    administration = administration.locks("look_back") if locked else administration
    settings = Settings(ExampleSettings, {"look_back": 21} if chosen else {}, administration)
    shown = {row.name: row for row in settings.shown()}["look_back"]

    given = 14 if administered else 7
    assert settings.value.look_back == shown.value == (21 if chosen and not locked else given)
    assert shown.default == given
    if locked:
        assert shown.source is Source.LOCK
    elif chosen:
        assert shown.source is Source.USER
    else:
        assert shown.source is (Source.ADMINISTRATOR if administered else Source.PRODUCT)


@pytest.mark.behaviour("LP-14")
def test_a_locked_setting_shows_its_value_and_refuses_a_change() -> None:
    """The error names the setting and says who can change it; nothing else of the change is taken either."""
    settings = Settings(ExampleSettings, administration=ORGANISATION.sets(look_back=14).locks("look_back", "zone"))

    with pytest.raises(LockedSetting, match=r"locked by the administrator: look_back, zone -- .*ask the administrator"):
        settings.choose(look_back=3, zone="Europe/Paris", type="Call")
    assert settings.value.look_back == 14
    assert [row.name for row in settings.shown() if row.locked] == ["look_back", "zone"]


def test_a_form_may_send_back_what_is_locked_as_it_is() -> None:
    """The value that a locked setting has is no change, and does not become a choice of the user's."""
    administration = ORGANISATION.sets(look_back=14).locks("look_back")
    settings = Settings(ExampleSettings, administration=administration).choose(look_back=14, type="Call")

    assert settings.choices == {"type": "Call"}


def test_a_lock_that_is_taken_off_lets_the_earlier_choice_hold_again() -> None:
    """What a user chose is kept under the lock."""
    chosen = Settings(ExampleSettings).choose(look_back=21)
    locked = chosen.under(ORGANISATION.locks("look_back"))

    assert locked.value.look_back == 7
    assert locked.under(locked.administration.unlocks("look_back")).value.look_back == 21


def test_a_choice_can_be_taken_back() -> None:
    """Without the choice the administrator's default holds; without any, all defaults do."""
    settings = Settings(ExampleSettings, {"look_back": 21, "type": "Call"}, ORGANISATION.sets(look_back=14))

    assert settings.reset("look_back").value == attrs.evolve(settings.value, look_back=14)
    assert settings.reset().choices == {}


def test_every_fault_is_told_at_once_and_never_a_value() -> None:
    """A form can show what is wrong beside each field."""
    with pytest.raises(InvalidSettings) as caught:
        Settings(ExampleSettings).choose(
            mode="secret", look_back=31, interval="PT29M", zone="secret", folders=[], nonsense="secret"
        )

    assert caught.value.faults == {
        "mode": "none of off, all, designated",
        "look_back": "more than 30",
        "interval": "less than 30 minutes",
        "zone": "no known time zone, such as Europe/Paris",
        "folders": "empty",
        "nonsense": "no such setting",
    }
    assert "secret" not in str(caught.value)
    assert caught.value.to_dict()["faults"] == caught.value.faults


@pytest.mark.parametrize("value", [True, "7", 7.0, None, [7]])
def test_a_number_is_nothing_that_looks_like_one(value: object) -> None:
    """A text, a truth value or a fraction is no whole number, from Python and from JSON alike."""
    with pytest.raises(InvalidSettings, match="look_back: no whole number"):
        Settings(ExampleSettings, {"look_back": value})


def test_the_class_itself_refuses_what_is_beyond_its_limits() -> None:
    """Whoever makes the value without layers is told the same, and gets the types that are declared."""
    with pytest.raises(InvalidSettings, match="look_back: less than 1"):
        ExampleSettings(look_back=0)
    assert ExampleSettings(mode="designated").mode is Mode.DESIGNATED  # type: ignore[arg-type]  # as in JSON


def test_settings_that_exclude_each_other_are_refused_together() -> None:
    """What is right alone may be wrong beside another; the choice is not taken."""
    with pytest.raises(InvalidSettings, match="all messages need a type"):
        Settings(ExampleSettings).choose(mode="all")
    assert Settings(ExampleSettings).choose(mode="all", type="Call").value.mode is Mode.ALL


def test_an_administrator_is_held_to_the_same_limits() -> None:
    """Defaults beyond the limits and locks of settings that are not there are refused."""
    with pytest.raises(InvalidSettings, match="look_back: more than 30"):
        ORGANISATION.sets(look_back=90)
    with pytest.raises(InvalidSettings, match="colour: no such setting"):
        ORGANISATION.locks("colour")


def test_the_fingerprint_moves_with_what_decides_the_extent_alone() -> None:
    """The interval is none of it, whoever set the value does not count."""
    plain = Settings(ExampleSettings)

    assert plain.choose(interval=timedelta(hours=2), zone="Asia/Tokyo").fingerprint == plain.fingerprint
    assert plain.choose(look_back=8).fingerprint != plain.fingerprint
    assert plain.under(ORGANISATION.sets(look_back=8)).fingerprint == plain.choose(look_back=8).fingerprint
    assert plain.fingerprint == fingerprint(ExampleSettings())
