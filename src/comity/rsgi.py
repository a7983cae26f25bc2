"""One process, two doors: the exchange as a bare RSGI function, the desk as Django's application beside it."""

import asyncio
import os
import threading
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

_desk = ASGIStaticFilesHandler(get_asgi_application())

from comity import allocator, bridge  # noqa: E402 - the tables below need Django to be set up
from comity.acts import exercise_running, work  # noqa: E402 - as above
from comity.peering import schedule  # noqa: E402 - as above
from comity.taxii import exchange, server  # noqa: E402 - as above
from comity.web import exercise_boards  # noqa: E402 - as above


class Application:
    """What granian serves: each request goes to the exchange or to the desk, by its path."""

    def __init__(self) -> None:
        """Begin; nothing runs yet."""
        self._stop = threading.Event()

    async def __rsgi__(self, scope: Any, wire: Any) -> None:  # noqa: ANN401 - granian's own, without types
        """Hand a request on."""
        if server.serves(scope.path):
            await exchange.application(scope, wire)
        else:
            await bridge.answer(_desk, scope, wire, exercise_boards.follow)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin what the node does by itself."""
        del loop
        allocator.keep_what_pages_take()
        threading.Thread(target=work.rounds, args=[self._stop], name="rounds", daemon=True).start()
        threading.Thread(target=schedule.keep_on, args=[self._stop], name="peers", daemon=True).start()
        threading.Thread(target=exercise_running.keep_on, args=[self._stop], name="exercises", daemon=True).start()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End it."""
        del loop
        self._stop.set()


application = Application()
