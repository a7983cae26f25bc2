"""A mail server of our own (RFC 5321, as much as a sender needs), which may kill the sender that it listens to."""

import os
import signal
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes


@dataclass(slots=True)
class Mailroom:
    """What arrived: the Message-ID of each message that was taken. `kill` names moments at which the sender dies."""

    port: int = 0
    taken: list[str] = field(default_factory=list)
    kill: list[str] = field(default_factory=list)
    sender: int = 0

    def dies(self, moment: str) -> bool:
        """Kill the sender where its moment has come: `data` before a message is taken, `taken` before it is told so."""
        if not self.kill or self.kill[0] != moment:
            return False
        self.kill.pop(0)
        os.kill(self.sender, signal.SIGKILL)
        return True


class _Talk(socketserver.StreamRequestHandler):
    """One sender's connection."""

    def handle(self) -> None:
        self.say("220 mailroom")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self.say("354 go on")
                if not self.take():
                    return
            elif line.startswith(b"QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self) -> bool:
        """Take one message; tell whether the sender lives."""
        room: Mailroom = self.server.room  # type: ignore[attr-defined]
        if room.dies("data"):
            return False
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        room.taken.append(str(message_from_bytes(b"".join(lines))["Message-ID"]))
        if room.dies("taken"):
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mailroom() -> Iterator[Mailroom]:
    """Run a mail server on loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        room = Mailroom(server.server_address[1])
        server.room = room  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()
