"""The server: `python -m comity.serving --host H --port P --workers N` serves the node that `COMITY_DATA` names."""

import argparse
import os
import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

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
    asked = parser.parse_args()
    try:
        sockets = [listen(asked.host, asked.port)]
    except OSError as error:
        print(f"comity: cannot listen on port {asked.port} of {asked.host}: {error.strerror}. "  # noqa: T201 - its end
              "Name another with --port, or end what uses it.", file=sys.stderr)  # fmt: skip
        sys.exit(2)
    serve(asked.application, asked.workers, sockets)


def serve(application: str, workers: int, sockets: list[socket.socket]) -> None:
    """Serve an application, named as `module:name`, by so many processes."""
    if workers > 1:
        Multiprocess(config(application, workers), sockets=sockets).run()
        return
    with suppress(KeyboardInterrupt):  # it has ended in good order by then
        uvicorn.Server(config(application)).run(sockets)


def config(application: Any, workers: int = 1) -> uvicorn.Config:  # noqa: ANN401 - a name, or an ASGI application
    """Say how an application is served."""
    return uvicorn.Config(
        application, http=WIRE, loop="asyncio", ws="none", lifespan="on", interface="asgi3", workers=workers,
        log_level="error", access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=IDLE, timeout_graceful_shutdown=_GRACE,
    )  # fmt: skip


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
    made.set_inheritable(True)
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")
    main()
