"""Provide CSV files of contacts and entries: Outlook's own export, a CRM's, or anybody's with a header mapping."""

from tallystick.codecs.csv.codec import CsvCodec as CsvCodec
from tallystick.codecs.csv.contacts import ContactForm
from tallystick.codecs.csv.entries import EntryForm
from tallystick.codecs.csv.header_map import HeaderMap as HeaderMap
from tallystick.codecs.csv.sheet import CsvSheet as CsvSheet
from tallystick.codecs.csv.standard import CRM_HEADER as CRM_HEADER
from tallystick.codecs.csv.standard import OUTLOOK_HEADER as OUTLOOK_HEADER
from tallystick.codecs.csv.standard import OUTLOOK_WEB_HEADER as OUTLOOK_WEB_HEADER
from tallystick.records import Contact, Entry


def contact_csv(header: HeaderMap | None = None, encoding: str | None = None) -> CsvCodec[Contact]:
    """Return the codec of Outlook's contact files."""
    return CsvCodec(ContactForm(), header or HeaderMap(), encoding)


def entry_csv(header: HeaderMap | None = None, encoding: str | None = None) -> CsvCodec[Entry]:
    """Return the codec of a CRM's address-book files."""
    return CsvCodec(EntryForm(), header or HeaderMap(), encoding)
