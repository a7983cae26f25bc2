"""The server: `python -m comity.serving --host H --port P --workers N` serves the node that `COMITY_DATA` names."""

import argparse
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal

import uvicorn
from uvicorn.supervisors import Multiprocess

from comity import database, tls

APPLICATION, WIRE = "comity.asgi:application", "comity.wire:Wire"
IDLE = 75
"""Seconds for which a line is kept on which nothing is asked."""
_GRACE = 5


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--application", default=APPLICATION)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    asked = parser.parse_args()
    seal = partial(tls.context, asked.certificate, asked.key) if asked.certificate else None
    try:
        sockets = [listen(asked.host, asked.port)]
    except OSError as error:
        print(f"comity: cannot listen on port {asked.port} of {asked.host}: {error.strerror}. "  # noqa: T201 - its end
              "Name another with --port, or end what uses it.", file=sys.stderr)  # fmt: skip
        sys.exit(2)
    serve(config(asked.application, asked.workers, seal), sockets)


def serve(how: uvicorn.Config, sockets: list[socket.socket]) -> None:
    """Serve until told to end."""
    if how.workers > 1:
        Multiprocess(how, sockets=sockets).run()
        return
    with suppress(KeyboardInterrupt):  # it has ended in good order by then
        uvicorn.Server(how).run(sockets)


Seal = Callable[..., ssl.SSLContext]


def config(application: Any, workers: int = 1, seal: Seal | None = None) -> uvicorn.Config:  # noqa: ANN401 - as below
    """Say how an application, or the one that is named as `module:name`, is served: by how many processes, and sealed.

    *seal* makes a process's TLS context; None: it speaks plain HTTP.
    """
    return uvicorn.Config(
        application, http=WIRE, loop=_loop(), ws="none", lifespan="on", interface="asgi3", workers=workers,
        log_level="error", access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=IDLE, timeout_graceful_shutdown=_GRACE, ssl_context_factory=seal,
    )  # fmt: skip


def _loop() -> Literal["asyncio", "uvloop"]:
    """Name the event loop: on PostgreSQL asyncio's own.

    uvloop gives up the watch on a socket that was reset without a word to its reader, so that a pipe to a server that
    was killed would never hear of it (`taxii.piped`), and who waits for it would wait for ever.
    """
    return "asyncio" if database.is_postgresql(database.here()) else "uvloop"


def listen(host: str, port: int) -> socket.socket:
    """Take a port of an address, on which nobody is heard until the server is ready; `OSError` where it is taken."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


if __name__ == "__main__":
    main()
