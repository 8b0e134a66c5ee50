"""Bodies: parts lose nothing, HTML is passed on only where it is small, flat and safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import SettingsError
from tallystick.mail import Subscriptions, split_body
from tallystick.mail.bodies import DEEPEST, body_text, is_whole, may_be_shown
from tallystick.profiles import maximizer
from tallystick.records import BodyType, Message
from tallystick.rich_text import LARGEST, sanitised
from tests.behaviour.mail_world import ADA, GRACE, MailWorld, entry

TEXTS = st.text(st.sampled_from("ab \n\u0301\u200d\U0001f44d\U0001f3fb\ud800") | st.characters(), max_size=200)


@pytest.mark.property
@given(TEXTS, st.integers(1, 50))
def test_parts_joined_are_the_body(text: str, most: int) -> None:
    """Nothing is lost between them, none is empty but that of an empty body, and each has room."""
    parts = split_body(text, most)

    assert "".join(parts) == text
    assert all(len(part) <= most for part in parts)
    assert all(parts) or parts == ("",)


def test_a_part_ends_after_a_line_or_a_word_and_within_no_character() -> None:
    """As near to its greatest length as that goes."""
    assert split_body("one two x\nthree", 11) == ("one two x\n", "three")
    assert split_body("one two three", 10) == ("one two th", "ree")
    assert split_body("onetwo three", 10) == ("onetwo thr", "ee")
    assert split_body("123456789 abc", 10) == ("123456789 ", "abc")
    assert split_body("e\u0301" * 3, 3) == ("e\u0301", "e\u0301", "e\u0301")
    with pytest.raises(SettingsError):
        split_body("x", 0)


def test_the_plain_text_of_html_is_the_body_unless_it_is_made_safe() -> None:
    """Scripts are nowhere, and the marks of a page only where the host asks for them."""
    html = "<html><body><h1>Hello</h1><script>alert(1)</script><p onclick='x()'>there</p></body></html>"
    world = MailWorld()
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now())
    world.receive(body=html, body_type=BodyType.HTML)
    world.run(maximizer.mail(ADA, subscriptions))
    world.receive(body=html, body_type=BodyType.HTML)
    world.run(maximizer.mail(ADA, subscriptions, clean_html=sanitised))

    plain, rich = world.saved()
    assert (plain.body, plain.html) == ("Hello\n\nthere", "")
    assert rich.body == plain.body
    assert "<h1>Hello</h1>" in rich.html
    assert "script" not in rich.html
    assert "onclick" not in rich.html


def test_html_that_is_a_bomb_is_plain_text_only() -> None:
    """What is larger or nested deeper than the limits is not passed on, and what was left out is reported."""
    deep = "<div>" * (DEEPEST + 1) + "x" + "</div>" * (DEEPEST + 1)
    flat = "<p>x</p>" * (DEEPEST + 1) + "<br>" * DEEPEST
    large = "<p>" + "x" * LARGEST
    assert [may_be_shown(html) for html in (deep, flat, large)] == [False, True, False]
    assert body_text(Message(body=deep, body_type=BodyType.HTML)) == "x"
    assert not is_whole(Message(body=large, body_type=BodyType.HTML))

    world = MailWorld()
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now())
    for html in (deep, large):
        world.receive(body=html, body_type=BodyType.HTML)
    run = world.run(maximizer.mail(ADA, subscriptions, clean_html=sanitised))
    assert world.saved()[0].html == ""
    assert {note.rule for note in run.report.notes} == {"body"}
