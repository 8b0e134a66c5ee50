"""Provide settings: typed models with defaults, an administrator's defaults and locks, and JSON in and out."""

from tallystick.settings.declared import Declared as Declared
from tallystick.settings.declared import SettingsKind as SettingsKind
from tallystick.settings.declared import declared as declared
from tallystick.settings.declared import fingerprint as fingerprint
from tallystick.settings.declared import setting as setting
from tallystick.settings.documents import document_schema as document_schema
from tallystick.settings.documents import schema as schema
from tallystick.settings.forms import in_words as in_words
from tallystick.settings.layers import Administration as Administration
from tallystick.settings.layers import Settings as Settings
from tallystick.settings.layers import Shown as Shown
from tallystick.settings.layers import Source as Source
from tallystick.settings.limits import Check as Check
from tallystick.settings.limits import Filled as Filled
from tallystick.settings.limits import KnownZone as KnownZone
from tallystick.settings.limits import Within as Within
