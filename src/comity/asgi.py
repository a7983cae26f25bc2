"""One process, two doors: the exchange as a bare ASGI function, the desk as Django's application beside it."""

import os
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

_desk = ASGIStaticFilesHandler(get_asgi_application())

from comity.acts import work  # noqa: E402 - its tables need Django to be set up
from comity.peering import schedule  # noqa: E402 - as above
from comity.taxii import server  # noqa: E402 - as above

Message = Mapping[str, Any]


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Hand a request to the exchange or to the desk, by its path."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif server.serves(scope["path"]):
        await server.application(scope, receive, send)
    else:
        await _desk(scope, receive, send)


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    stop = threading.Event()
    while True:
        kind = (await receive())["type"]
        if kind == "lifespan.startup":
            threading.Thread(target=work.rounds, args=[stop], name="rounds", daemon=True).start()
            threading.Thread(target=schedule.keep_on, args=[stop], name="peers", daemon=True).start()
        else:
            stop.set()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
