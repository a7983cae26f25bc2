"""People who look at the live board of an exercise: each a connection of its own that reads server-sent events."""

import http.client
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench import _child

_FORM = "application/x-www-form-urlencoded"


def signed_in(port: int, password: str) -> str:
    """Sign in at the desk as its officer; give the cookies."""
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    there.request("GET", "/sign-in/")
    asked = there.getresponse()
    hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', asked.read().decode())
    cookies = _cookies(asked)
    if hidden is None:
        raise _child.NotMeasured("the page to sign in holds no form")
    said = urllib.parse.urlencode({"login": "officer", "password": password, "csrfmiddlewaretoken": hidden[1]})
    there.request("POST", "/sign-in/", said, {"Cookie": cookies, "Content-Type": _FORM})
    answer = there.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.FOUND:
        raise _child.NotMeasured(f"signing in answered {answer.status}")
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", []))


@dataclass
class Viewers:
    """How many drawings each of those who look was sent."""

    drawings: list[int] = field(default_factory=list)
    _streams: list[http.client.HTTPConnection] = field(default_factory=list)

    def look(self, port: int, path: str, cookies: str) -> None:
        """Have one more person look."""
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        there.request("GET", path, headers={"Cookie": cookies, "Accept": "text/event-stream"})
        answer = there.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise _child.NotMeasured(f"{path} answered {answer.status}")
        self._streams.append(there)
        self.drawings.append(0)
        threading.Thread(target=self._read, args=(len(self.drawings) - 1, answer), daemon=True).start()

    def _read(self, number: int, answer: http.client.HTTPResponse) -> None:
        try:
            for line in answer:
                self.drawings[number] += line.startswith(b"event:")
        except (OSError, ValueError, AttributeError):  # the connection was closed under it: that is how looking ends
            return

    def leave(self) -> None:
        """Have all go away."""
        for one in self._streams:
            if one.sock is not None:
                one.sock.close()


@contextmanager
def looking(port: int, path: str, cookies: str, count: int) -> Iterator[Viewers]:
    """Have *count* people look at a board."""
    viewers = Viewers()
    try:
        for _ in range(count):
            viewers.look(port, path, cookies)
        yield viewers
    finally:
        viewers.leave()
