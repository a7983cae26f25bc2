"""One process, two doors: the exchange as a bare ASGI function, the desk as Django's application beside it."""

import gc
import os
import threading
from collections.abc import Callable
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

_desk = ASGIStaticFilesHandler(get_asgi_application())

from comity import allocator, lines  # noqa: E402 - the tables below need Django to be set up
from comity.acts import exercise_running, work  # noqa: E402 - as above
from comity.peering import schedule  # noqa: E402 - as above
from comity.taxii import exchange, server  # noqa: E402 - as above
from comity.web import exercise_boards  # noqa: E402 - as above

_COLLECT: Final = (20_000, 10, 10)
"""What is made between two walks of the collector of cycles: a batch of a thousand objects, read without one."""


class Application:
    """What is served: each request goes to the exchange or to the desk, by its path."""

    def __init__(self) -> None:
        """Begin; nothing runs yet."""
        self._stop = threading.Event()
        self.same, self.again = exchange.application.same, exchange.application.again

    async def __call__(self, scope: lines.Scope, receive: lines.Receive, send: lines.Send,
                       give: exchange.Give | None = None) -> None:  # fmt: skip
        """Hand a request on, or begin and end with the server; `give` gives an answer whole, where that is known."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif server.serves(scope["path"]):
            await exchange.application(scope, receive, send, give)
        else:
            await lines.answer(_desk, scope, receive, send, exercise_boards.follow)

    def read(self, scope: lines.Scope, give: exchange.Give, fail: Callable[[BaseException], object]) -> bool:
        """Have a question of the exchange read without a task, where it has no body (`Exchange.read`)."""
        return server.serves(scope["path"]) and exchange.application.read(scope, give, fail)

    async def _live(self, receive: lines.Receive, send: lines.Send) -> None:
        """Do what the node does by itself, from the server's start to its end (ASGI, lifespan)."""
        await receive()
        allocator.keep_what_pages_take()
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector of cycles need not walk it between two pages
        gc.set_threshold(*_COLLECT)
        rounds = {"rounds": work.rounds, "peers": schedule.keep_on, "exercises": exercise_running.keep_on}
        for name, run in rounds.items():
            threading.Thread(target=run, args=[self._stop], name=name, daemon=True).start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop.set()
        exchange.application.close()
        await send({"type": "lifespan.shutdown.complete"})


application = Application()
