"""Provide the codec of .vcf files (vCard 3.0 and 4.0), and the content of one, of which no more changes than has to.

The lines are those of calendars: both formats fold and quote alike. A card that stays is written as it was read, byte
for byte; in one that changes, the lines that changed are written anew. Photos, keys, properties that nobody knows,
groups and parameters stay.

Refused, with file and line: cards of version 2.1, whose texts are encoded in another way; what is no card; what
breaks off; two cards with one UID.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Row, Shape, digest, identify, read_instant
from tallystick.codecs.encodings import Encoding, checked
from tallystick.codecs.icalendar.component import Component, made, parse, parse_one
from tallystick.codecs.icalendar.lines import LINE_END, ContentLine, Property, encoded, read_lines
from tallystick.codecs.icalendar.values import escaped, is_writable, read_text
from tallystick.codecs.vcard.forms import CardForm, read_birthday
from tallystick.codecs.vcard.slots import base_name, changed_card, lines_of
from tallystick.errors import InputError

R = TypeVar("R")
VERSIONS: Final = ("3.0", "4.0")
_NOT_THE_RECORD: Final = frozenset({"UID", "REV"})


@attrs.frozen(repr=False)
class VcfDocument(Generic[R]):
    """The content of one .vcf file. ``parts`` are its cards, as the ids of their rows, and the text between them."""

    form: CardForm[R]
    charset: Encoding
    line_end: str = LINE_END
    version: str = VERSIONS[0]
    rows: tuple[Row[R], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()

    def refusal(self, row: Row[R] | None, record: R, lists: Sequence[str]) -> str:
        """Return a code: control, encoding or unread, a colon, and what of the card it is about."""
        values = self.form.write(record, lists)
        for key, found in values.items():
            texts = [part for parts in found for part in parts]
            if not all(map(is_writable, (text.replace("\n", " ").replace("\t", " ") for text in texts))):
                return f"control:{key}"
            if not all(map(self.charset.holds, texts)):
                return f"encoding:{key}"
        if row is not None and row.text:
            before = self.form.write(row.record, row.lists).get("birthday", ())
            slot = self.form.slots["birthday"]
            unread = [
                line for line in slot.claimed(parse_one(row.text)) if line.value and not read_birthday(line.value)
            ]
            if unread and before != values.get("birthday", ()):
                return "unread:birthday"
        return ""

    def fresh(self, row_id: str, record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return a new card."""
        card = made("VCARD", [Property("VERSION", self.version)], self.line_end)
        wanted = self.form.write(record, lists)
        card = changed_card(card, self.form.slots, {}, {**wanted, "shown": wanted["shown"] or (("",),)}, self.line_end)
        return self._row(Row(row_id, record), card, modified)

    def amend(self, row: Row[R], record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return ``row`` with another record and lists; what they do not speak of stays as it is."""
        before, wanted = self.form.write(row.record, row.lists), self.form.write(record, lists)
        if before == wanted:
            return row
        card = changed_card(parse_one(row.text), self.form.slots, before, wanted, self.line_end)
        return self._row(row, card, modified)

    def encode(self, rows: Iterable[Row[R]]) -> bytes:
        """Return the file with these rows; those that it did not have come last."""
        left = {row.id: row for row in rows}
        kept = ((left.pop(row_id, None), text) for row_id, text in self.parts)
        texts = [text if row is None else self._text(row) for row, text in kept]
        for row in left.values():
            if texts and not texts[-1].endswith("\n"):
                texts.append(self.line_end)
            texts.append(self._text(row))
        return encoded("".join(texts), self.charset)

    def _text(self, row: Row[R]) -> str:
        if row.stored:
            return row.text
        return self._saying(parse_one(row.text), Property("UID", escaped(row.id))).text

    def _saying(self, card: Component, said: Property) -> Component:
        """Return a card with this property at its end, in place of any of its name."""
        lines = (isinstance(item, ContentLine) and base_name(item) == said.name for item in card.content)
        others = (item for item, is_said in zip(card.content, lines, strict=True) if not is_said)
        return attrs.evolve(card, content=(*others, said.as_line(self.line_end)))

    def _row(self, row: Row[R], card: Component, modified: datetime | None) -> Row[R]:
        """Return a row with a card, and its record as it will be read from it."""
        if modified is not None:
            revised = modified.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
            card = self._saying(card, Property("REV", revised))
        record, lists = self.form.read(card)
        return attrs.evolve(
            row,
            record=record,
            lists=lists,
            version=version_of(card),
            modified=modified or row.modified,
            text=card.text,
        )


@attrs.frozen(repr=False)
class VcfCodec(Generic[R]):
    """Files of cards of one kind of record; ``told`` is the encoding that the caller says they have."""

    form: CardForm[R]
    told: str | None = attrs.field(default=None, converter=checked)

    @property
    def shape(self) -> Shape[R]:
        """What every format knows of such records."""
        return self.form.shape

    def decode(self, data: bytes, name: str) -> VcfDocument[R]:
        """Read a file's bytes. Raises InputError, naming file and line, for what cannot be read."""
        lines, charset = read_lines(data, name, self.told)
        items = parse(lines, name)
        cards = [item for item in items if isinstance(item, Component)]
        rows = identify([self._row(card, name) for card in cards], self.shape, name)
        ids = iter(rows)
        parts = tuple((next(ids).id, "") if isinstance(item, Component) else ("", item.text) for item in items)
        line_end = LINE_END if not cards or cards[0].begin.text.endswith("\r\n") else "\n"
        version = _version(cards[0], name) if cards else VERSIONS[0]
        return VcfDocument(self.form, charset, line_end, version, rows, parts)

    def blank(self) -> VcfDocument[R]:
        """Return a file without cards; those that are made are of version 3.0, which every program takes."""
        return VcfDocument(self.form, Encoding())

    def _row(self, card: Component, name: str) -> Row[R]:
        where = f"{name}, line {card.begin.line}"
        if card.name != "VCARD":
            raise InputError("no card", where=where, remedy="it has to begin with BEGIN:VCARD")
        _version(card, name)
        record, lists = self.form.read(card)
        lines = {base_name(line): line for line in lines_of(card)}
        uid = read_text(lines.get("UID")).strip()
        modified = read_instant(lines["REV"].value) if "REV" in lines else None
        return Row(uid, record, lists, version_of(card), modified, card.begin.line, bool(uid), card.text)


def version_of(card: Component) -> str:
    """Return a digest of all that a card says, but for its id and time, and for how its lines are folded."""
    said = (line for line in card.all_lines() if base_name(line) not in _NOT_THE_RECORD)
    return digest("\0".join(f"{line.name}{line.head}:{line.value}" for line in said))


def _version(card: Component, name: str) -> str:
    found = next((line.value.strip() for line in lines_of(card) if base_name(line) == "VERSION"), "")
    if found not in VERSIONS:
        where = f"{name}, line {card.begin.line}"
        raise InputError("a card of another version than 3.0 and 4.0", where=where, remedy="export it as vCard 3.0")
    return found
