"""Provide made-up address books of any size, for the demo, for tests and for measuring.

They are as untidy as real ones: people whom both sides know, some with edits or in another spelling, people whom one
side alone knows, duplicates, missing fields, addresses that are none, companies, notes of several lines, and names in
many scripts. Nobody in them is real, and no address or number reaches anybody.
"""

from tallystick.providers.addressbook.books import AddressBooks as AddressBooks
from tallystick.providers.addressbook.books import Shares as Shares
from tallystick.providers.addressbook.books import address_books as address_books
from tallystick.providers.addressbook.variants import Fault as Fault
