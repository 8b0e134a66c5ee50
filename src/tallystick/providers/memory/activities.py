"""Provide a CRM's activities as far as a sync of mail can tell.

A subject and a body have a greatest length, and a write beyond it is refused. Activities can be searched by message
id. The files of one are stored before it is made, so that there is none without them.
"""

from collections.abc import Callable, Iterable, Sequence

from tallystick.ports.capabilities import Capabilities
from tallystick.ports.clock import Clock
from tallystick.ports.item import Scope
from tallystick.ports.write import Create, Outcome
from tallystick.providers.memory.collection import MemoryCollection
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records.activity import Activity
from tallystick.records.days import came_in
from tallystick.records.message import Attachment

MOST_ACTIVITY_SUBJECT = 255
MOST_ACTIVITY_BODY = 32_000

Fetch = Callable[[Attachment], Iterable[bytes]]


class Activities(MemoryCollection[Activity]):
    """A CRM's activities.

    ``fetch`` gives the bytes of an attachment in pieces; without it their names alone are kept. ``files`` holds what
    was stored, by message id and name. Arguments are those of the collection, and the greatest lengths.
    """

    def __init__(
        self,
        account: str = "crm",
        *,
        capabilities: Capabilities,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks | None = None,
        longest_subject: int = MOST_ACTIVITY_SUBJECT,
        longest_body: int = MOST_ACTIVITY_BODY,
    ) -> None:
        super().__init__(
            activity_shape(longest_subject, longest_body),
            account=account,
            capabilities=capabilities,
            clock=clock,
            page_size=page_size,
            seed=seed,
            quirks=quirks or Quirks(),
        )
        self.fetch: Fetch | None = None
        self.files: dict[tuple[str, str], bytes] = {}

    def create(self, batch: Sequence[Create[Activity]], scope: Scope) -> list[Outcome[Activity]]:
        """Create activities, after their files were stored; a repeat stores the same files once more."""
        if self.fetch is not None:
            for write in batch:
                for each in write.record.attachments:
                    self.files[write.record.message_id, each.name] = b"".join(self.fetch(each))
        return super().create(batch, scope)


def activity_shape(
    longest_subject: int = MOST_ACTIVITY_SUBJECT, longest_body: int = MOST_ACTIVITY_BODY
) -> Shape[Activity]:
    """Return what a CRM knows of activities, whose subjects and bodies have so many characters at most."""
    return Shape(
        Activity,
        searches={"message_id": SearchField(lambda activity: (activity.message_id.strip(),), str)},
        checks={
            "subject": lambda one: "too_long:subject" if len(one.subject) > longest_subject else "",
            "body": lambda one: "too_long:body" if len(one.body) > longest_body else "",
        },
        mint=lambda number: f"m{number}",
        lies_in=came_in,
    )
