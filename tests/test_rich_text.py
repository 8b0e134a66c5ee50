"""Plain text out of HTML and back, and HTML that is safe to pass on."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import MissingExtra
from tallystick.rich_text import as_html, plain_text, sanitised


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain  text", "plain text"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("one<br><br><br><br>two", "one\n\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("a &amp; b &lt;c&gt; &#233;&nbsp;d", "a & b <c> é d"),
        ("<html><head><title>no</title><style>p {}</style></head><body>\r\n<p>\r\n  yes\r\n</p></body></html>", "yes"),
        ("<script>run('<p>')</script>seen", "seen"),
        ("<b>bold</b><i>italic</i> a<span>b</span>c", "bolditalic abc"),
        ("<td>one</td><td>two</td>", "onetwo"),
        ("broken <p <b>text", "broken\n\ntext"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("", ""),
    ],
)
def test_the_text_of_html_is_what_a_reader_sees(html: str, text: str) -> None:
    """Blocks stand on lines of their own, entities are characters, scripts and styles are not seen."""
    assert plain_text(html) == text


@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1), min_size=1).map("\n".join))
def test_plain_text_survives_being_html(text: str) -> None:
    """Whatever stands in it, markup included, is shown as it is, line by line."""
    assert plain_text(as_html(text)) == text


@given(st.text())
def test_no_html_is_too_broken(html: str) -> None:
    """Anything that a stranger sends has a text, and that text is its own."""
    text = plain_text(html)

    assert plain_text(as_html(text)) == text


def test_a_huge_body_is_read_up_to_a_limit() -> None:
    """A million characters are enough of it."""
    assert len(plain_text("<p>" + "x" * 3_000_000)) < 1_000_001


def test_what_runs_something_is_taken_out() -> None:
    """Scripts, handlers and addresses that are code do not get through; text and links do."""
    made = sanitised('<p onclick="x()">Hi <a href="javascript:x()">a</a><script>x()</script><b>you</b></p>')

    assert ("script" in made, "onclick" in made, "javascript" in made) == (False, False, False)
    assert "<b>you</b>" in made


def test_without_its_library_nothing_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install; unsafe HTML is not returned instead."""
    monkeypatch.setitem(sys.modules, "nh3", None)

    with pytest.raises(MissingExtra, match="html"):
        sanitised("<p>")
