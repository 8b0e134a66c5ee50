"""Provide matching: keys by which two unlinked records are known to be the same, duplicates, and ambiguity."""

from tallystick.matching.index import KeyIndex as KeyIndex
from tallystick.matching.index import index_keys as index_keys
from tallystick.matching.matcher import Key as Key
from tallystick.matching.matcher import Matcher as Matcher
from tallystick.matching.pairing import Pairing as Pairing
from tallystick.matching.pairing import pair as pair
