"""The yardstick of a poll: a bare ASGI function that sends pages from memory. `/3` is the fourth page."""

import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

_PAGES = [path.read_bytes() for path in sorted((Path(os.environ["COMITY_DATA"]) / "pages").iterdir())]


async def application(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """Send the page that the path names."""
    if scope["type"] == "lifespan":
        while (kind := (await receive())["type"]) != "lifespan.shutdown":
            await send({"type": f"{kind}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    page = _PAGES[int(scope["path"][1:] or 0)]
    headers = [(b"content-type", b"application/taxii+json;version=2.1"), (b"content-length", str(len(page)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": page})
