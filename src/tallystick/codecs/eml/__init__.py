"""Provide raw messages as the Internet carries them: ``.eml`` files, and mailboxes of many in one file (``.mbox``).

They are read with the standard library's modern e-mail package, and only read: what is sealed or signed stays as it is.
"""

from tallystick.codecs.eml.attached import attached_bytes as attached_bytes
from tallystick.codecs.eml.limits import MOST_BYTES as MOST_BYTES
from tallystick.codecs.eml.mbox import mbox_spans as mbox_spans
from tallystick.codecs.eml.mbox import unquoted as unquoted
from tallystick.codecs.eml.reading import read_message as read_message
