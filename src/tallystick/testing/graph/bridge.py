"""Provide the simulated service as a transport of httpx, for clients that block and for those that are awaited."""

import httpx

from tallystick.testing.graph.exchange import Request
from tallystick.testing.graph.service import GraphService


def transport(service: GraphService) -> httpx.MockTransport:
    """Return a transport that leads to the service: ``httpx.Client(transport=transport(service))``.

    Nothing is sent anywhere. ``httpx.ASGITransport(service)`` does the same for clients that are awaited.
    """

    def handle(request: httpx.Request) -> httpx.Response:
        asked = Request.of(request.method, str(request.url), dict(request.headers), request.content)
        response = service.respond(asked)
        headers = {"Content-Type": "application/json", **response.headers}
        return httpx.Response(response.status, headers=headers, stream=httpx.ByteStream(response.encoded()))

    return httpx.MockTransport(handle)
