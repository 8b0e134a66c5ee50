"""Provide files of cards (.vcf, vCard 3.0 and 4.0) as Outlook's contacts and as a CRM's entries.

The line layer is that of calendar files. Libraries that read cards (vobject, vobjectx) build values and write those:
lines come back in another order, with other folds, and some not at all.
"""

from tallystick.codecs.vcard.codec import VcfCodec as VcfCodec
from tallystick.codecs.vcard.codec import VcfDocument as VcfDocument
from tallystick.codecs.vcard.forms import CONTACT_CARD, ENTRY_CARD
from tallystick.records import Contact, Entry


def contact_vcf(encoding: str | None = None) -> VcfCodec[Contact]:
    """Return the codec of contacts in cards."""
    return VcfCodec(CONTACT_CARD, encoding)


def entry_vcf(encoding: str | None = None) -> VcfCodec[Entry]:
    """Return the codec of a CRM's entries in cards."""
    return VcfCodec(ENTRY_CARD, encoding)
