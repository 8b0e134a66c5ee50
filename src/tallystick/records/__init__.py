"""Provide the models of both sides' records: plain frozen values, whose reprs show no contents."""

from tallystick.records.crm import Entry as Entry
from tallystick.records.crm import EntryKind as EntryKind
from tallystick.records.crm import Phone as Phone
from tallystick.records.json import record_converter as record_converter
from tallystick.records.outlook import Contact as Contact
from tallystick.records.outlook import EmailAddress as EmailAddress
from tallystick.records.parts import PostalAddress as PostalAddress
