"""Provide the saving of mail: which messages are saved and as what, on the machine of every other sync.

There is no second engine. A view shows a mailbox's messages as *letters*, one for each entry that the CRM is to have,
and is read-only but for what goes out; links and tombstones are the ledger of what was saved. Read in this order:
``identity``, ``threads``, ``bodies``, ``attachments``, ``letter``; ``chain``, ``periods``, ``selection``; ``people``,
``ledger``, ``reading``, ``view``, ``outgoing``, ``mail_sync``.
"""

from tallystick.mail.attachments import AttachmentLimits as AttachmentLimits
from tallystick.mail.attachments import streamed as streamed
from tallystick.mail.bodies import split_body as split_body
from tallystick.mail.chain import Answer as Answer
from tallystick.mail.chain import Facts as Facts
from tallystick.mail.chain import MailRule as MailRule
from tallystick.mail.chain import Verdict as Verdict
from tallystick.mail.chain import judge as judge
from tallystick.mail.chain import save as save
from tallystick.mail.chain import skip as skip
from tallystick.mail.identity import message_key as message_key
from tallystick.mail.ledger import Ledger as Ledger
from tallystick.mail.ledger import StateLedger as StateLedger
from tallystick.mail.letter import Letter as Letter
from tallystick.mail.mail_sync import MailRun as MailRun
from tallystick.mail.mail_sync import MailSync as MailSync
from tallystick.mail.outgoing import Sending as Sending
from tallystick.mail.periods import ALWAYS as ALWAYS
from tallystick.mail.periods import NEVER as NEVER
from tallystick.mail.periods import Periods as Periods
from tallystick.mail.periods import Span as Span
from tallystick.mail.selection import MailProfile as MailProfile
from tallystick.mail.selection import Selection as Selection
from tallystick.mail.subscriptions import Subscription as Subscription
from tallystick.mail.subscriptions import Subscriptions as Subscriptions
from tallystick.mail.threads import ancestors as ancestors
from tallystick.mail.threads import thread_key as thread_key
from tallystick.mail.threads import threads as threads
from tallystick.mail.view import MailView as MailView
