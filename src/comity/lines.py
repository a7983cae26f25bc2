"""Lines that are kept open: an answer of the desk that never ends, such as a board that is followed.

Django holds a thread for a request until its answer has ended. So an answer that never ends is not Django's to give: it
says in a header (`FOLLOW`) what is to be followed, ends, and the line is kept here with what `follow` yields.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

FOLLOW = "x-comity-follow"
"""The header of an answer that is followed by what it names; it does not leave the house. In the scope it stands among
the extensions, so that a view knows that it may give it."""
Follow = Callable[[str], "AsyncIterator[bytes]"]
_DROPPED = {FOLLOW.encode(), b"content-length"}


async def answer(application: Application, scope: Scope, receive: Receive, send: Send, follow: Follow) -> None:
    """Have an ASGI application answer one request, and keep the line where its answer is to be followed."""
    found: dict[str, str] = {}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            pairs = [(name.lower(), value) for name, value in message["headers"]]
            named = dict(pairs).get(FOLLOW.encode())
            if named is not None:
                found["key"] = named.decode("latin-1")
                message = {**message, "headers": [pair for pair in pairs if pair[0] not in _DROPPED]}
        elif "key" in found:
            return
        await send(message)

    kept: dict[str, Any] = {FOLLOW: {}} if scope.get("method") != "HEAD" else {}
    await application({**scope, "extensions": {**scope.get("extensions", {}), **kept}}, receive, sent)
    if "key" in found:
        await _keep(receive, send, follow(found["key"]))


async def _keep(receive: Receive, send: Send, pieces: AsyncIterator[bytes]) -> None:
    """Send pieces until the client hangs up, or the server ends, which cancels whatever is under way."""
    gone = asyncio.ensure_future(_hung_up(receive))
    async with aclosing(pieces):  # type: ignore[type-var]
        try:
            while not gone.done():
                piece = asyncio.ensure_future(anext(pieces))
                try:
                    await asyncio.wait({piece, gone}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not piece.done():
                        piece.cancel()
                        await asyncio.wait({piece})
                if not gone.done():
                    await send({"type": "http.response.body", "body": piece.result(), "more_body": True})
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
