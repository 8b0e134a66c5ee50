"""Provide the simulated uploads: addresses that take the parts of a large file, in order, and put it where it belongs.

An address takes no token, and refuses one. A part follows those before it, has a multiple of 320 KiB unless it is the
last, and less than 4 MB. The file is there once all of it is; an upload that is left leaves nothing.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tallystick.testing.graph.exchange import Body, Refused, Request, Response

FEWEST_BYTES: Final = 3 * 1024 * 1024
"""How many bytes a file has at least that is uploaded; a smaller one goes in one request."""
_MOST_BYTES: Final = 150 * 1024 * 1024
_UNIT: Final = 320 * 1024
_MOST_AT_ONCE: Final = 4 * 1024 * 1024
_SPAN: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")


@attrs.define
class _Upload:
    """A file on its way: how large it is to be, what there is of it, and who puts it into its message."""

    size: int
    put: Callable[[bytes], str]
    content: bytearray = attrs.field(factory=bytearray, repr=False)


@attrs.define
class Uploads:
    """The uploads of a mailbox that were begun."""

    begun: dict[str, _Upload] = attrs.field(factory=dict)
    count: int = 0

    def begin(self, request: Request, size: object, put: Callable[[bytes], str]) -> Response:
        """Begin the upload of a file."""
        if not isinstance(size, int) or size > _MOST_BYTES:
            raise Refused(400, "ErrorAttachmentSizeLimitExceeded")
        if size < FEWEST_BYTES:
            raise Refused(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")
        self.count += 1
        self.begun[str(self.count)] = _Upload(size, put)
        url = f"{request.root}/uploads/{self.count}?authtoken=simulated"
        return Response(201, {"uploadUrl": url, "nextExpectedRanges": ["0-"]})

    def respond(self, request: Request, path: Sequence[str]) -> Response:
        """Take a part of a file."""
        if request.header("Authorization"):
            raise Refused(401, "InvalidAuthenticationToken")
        upload = self.begun.get(path[0]) if len(path) == 1 else None
        if upload is None or request.query.get("authtoken") != "simulated":
            raise Refused(404, "ErrorItemNotFound")
        if request.method != "PUT":
            raise Refused(405, "ErrorMethodNotAllowed")
        content, held = request.content, upload.content
        first, last, size = _span(request.header("Content-Range"))
        ends = last + 1 == upload.size
        fits = (first, last + 1, size) == (len(held), len(held) + len(content), upload.size)
        if not fits or len(content) >= _MOST_AT_ONCE or not (ends or len(content) % _UNIT == 0):
            raise Refused(400, "ErrorInvalidRange")
        held += content
        if not ends:
            expected: Body = {"nextExpectedRanges": [f"{len(held)}-"]}
            return Response(200, expected)
        del self.begun[path[0]]
        return Response(201, headers={"Location": f"{request.root}/attachments/{upload.put(bytes(held))}"})


def _span(header: str) -> tuple[int, int, int]:
    found = _SPAN.fullmatch(header)
    if found is None:
        raise Refused(400, "ErrorInvalidRange")
    first, last, size = map(int, found.groups())
    return first, last, size
