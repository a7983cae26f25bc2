"""A connection that answers at once what is at hand: by a real socket, to a client that sends and reads as it likes."""

import asyncio
import os
import random
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
import uvicorn

from comity import serving, wire

LARGE = bytes(range(256)) * 20_000
with TemporaryFile(buffering=0) as _file:
    _file.write(LARGE)
    FILE = os.dup(_file.fileno())
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Desk:
    """An application: what lies below /hand/ is at hand, unless it is refused there; all else it answers by a task.

    A large answer that is at hand goes from a file every other time.

    What lies below /whole/ a task gives whole, and what lies below /read/ is read for, without a task. Heads that it
    was told of it knows by their bytes: what lies below /hand/ it gives to them too, after `pause` seconds.
    """

    refused: set[str] = field(default_factory=set)
    pause: float = 0.0
    heads: dict[bytes, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    at_once: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    read_for: list[str] = field(default_factory=list)
    server: uvicorn.Server | None = None

    def body(self, path: str) -> bytes:
        """Give what is said of a path, at once or by a task."""
        return LARGE if path.endswith("large") else f"this is {path}".encode()

    def again(self, scope: Any, give: wire.Give, ask: Callable[[], object]) -> bool:
        if wire.HEAD in scope:
            self.heads[scope[wire.HEAD]] = scope["path"]
        return self._give(scope["path"], self.at_once, give, ask)

    def same(self, head: bytes, give: wire.Give, ask: Callable[[], object]) -> bool:
        return head in self.heads and self._give(self.heads[head], self.known, give, ask)

    def _give(self, path: str, how: list[str], give: wire.Give, ask: Callable[[], object]) -> bool:
        if not path.startswith("/hand/"):
            return False
        later = partial(asyncio.get_running_loop().call_later, self.pause)
        if path in self.refused:
            later(ask)
            return True
        how.append(path)
        body = self.body(path)
        filed = body is LARGE and len(how) % 2 == 0
        later(partial(give, 200, b"content-length: %d\r\n" % len(body), body, FILE if filed else None))
        return True

    def read(self, scope: Any, give: wire.Give, fail: Callable[[BaseException], object]) -> bool:
        path = scope["path"]
        if not path.startswith("/read/"):
            return False
        self.read_for.append(path)
        said = self.body(path)
        found = partial(give, 200, b"content-length: %d\r\n" % len(said), said)
        asyncio.get_running_loop().call_later(0.01, partial(fail, OSError(path)) if "broken" in path else found)
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any, give: wire.Give | None = None) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
            return
        self.asked.append(scope["path"])
        while (await receive()).get("more_body"):
            pass
        await asyncio.sleep(0.2 if scope["path"] == "/late" else 0.01)
        said = self.body(scope["path"])
        if give is not None and scope["path"].startswith("/whole/"):
            give(200, b"content-length: %d\r\n" % len(said), said)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
        await send({"type": "http.response.body", "body": said})


def spoken(desk: Desk, talk: Talk) -> None:
    """Serve *desk* while a client talks to it; in the end it is told to close, also while the client still talks."""
    how = serving.config(desk)

    async def both() -> None:
        listener = serving.listen("127.0.0.1", 0)
        server = uvicorn.Server(how)
        desk.server = server
        running = asyncio.ensure_future(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listener.getsockname(), limit=2 * len(LARGE))
        try:
            await asyncio.wait_for(talk(reader, writer), 20)
        finally:
            writer.close()
            server.should_exit = True
            await running

    with asyncio.Runner(loop_factory=how.get_loop_factory()) as loop:
        loop.run(both())


async def answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Read one answer: its head in small letters, its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    return head, await reader.readexactly(length)


def same(found: bytes, said: bytes) -> None:
    """Compare without showing megabytes where they differ."""
    assert (len(found), found == said) == (len(said), True)


def ask(path: str, more: str = "", version: str = "1.1") -> bytes:
    return f"GET {path} HTTP/{version}\r\nHost: x\r\n{more}\r\n".encode()


def test_what_is_at_hand_needs_no_task() -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for path in ("/hand/1", "/other", "/hand/2"):
            writer.write(ask(path))
            head, body = await answer(reader)
            assert head.startswith("http/1.1 200 ")
            assert "\r\ndate: " in head
            assert body == desk.body(path)

    spoken(desk, talk)
    assert (desk.at_once, desk.asked) == (["/hand/1", "/hand/2"], ["/other"])


def test_what_was_asked_before_in_the_same_bytes_is_not_read() -> None:
    desk = Desk({"/hand/refused"})
    before = [ask("/hand/1"), ask("/hand/1", "X-Y: z\r\n"), ask("/hand/refused"), ask("/other"), ask("/read/1")]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            for one in before:
                writer.write(one)
                head, body = await answer(reader)
                assert head.startswith("http/1.1 200 ")
                assert "\r\ndate: " in head
                same(body, desk.body(one.split()[1].decode()))
        ear, mouth = await asyncio.open_connection(*writer.get_extra_info("peername"))
        mouth.write(ask("/hand/1"))
        assert (await answer(ear))[1] == desk.body("/hand/1")
        mouth.close()

    spoken(desk, talk)
    assert (desk.at_once, desk.known) == (["/hand/1"] * 2, ["/hand/1"] * 3)
    assert set(desk.heads) == set(before)


@pytest.mark.parametrize("head", [
    ask("/hand/1", "Connection: close\r\n"), ask("/hand/1", version="1.0"), ask("/hand/1") + ask("/hand/2"),
    ask("/hand/1") + b"GET", b"POST /hand/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
])  # fmt: skip
def test_what_is_not_one_head_on_a_line_that_stays_is_not_known_by_its_bytes(head: bytes) -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        assert (await answer(reader))[1] == desk.body("/hand/1")

    spoken(desk, talk)
    assert desk.heads == {}


def test_what_comes_while_an_answer_is_due_is_read_after_it() -> None:
    chance, desk = random.Random(2), Desk({"/hand/refused"}, pause=0.002)
    paths = chance.choices(["/hand/1", "/hand/large", "/hand/refused", "/other", "/read/1"], k=60)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for path in sorted(set(paths)):
            writer.write(ask(path))
            await answer(reader)

        given, more = 0, asyncio.Event()

        async def put() -> None:
            for number, head in enumerate(map(ask, paths)):
                ahead = chance.choice([0, 0, 3])
                while given < number - ahead:
                    await more.wait()
                    more.clear()
                cut = chance.choice([0, 0, chance.randrange(len(head))])
                for part in filter(None, (head[:cut], head[cut:])):
                    writer.write(part)
                    await asyncio.sleep(chance.choice([0, 0.001, 0.01]))

        putting = asyncio.ensure_future(put())
        for path in paths:
            same((await answer(reader))[1], desk.body(path))
            given += 1
            more.set()
        await putting

    spoken(desk, talk)
    assert desk.known


def test_what_is_due_when_the_server_ends_is_given() -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for pause in (0.0, 0.3):
            desk.pause = pause
            writer.write(ask("/hand/1"))
            if pause:
                await asyncio.sleep(0.1)
                assert desk.server is not None
                desk.server.should_exit = True
            assert (await answer(reader))[1] == desk.body("/hand/1")
        assert await reader.read() == b""

    spoken(desk, talk)
    assert desk.known == ["/hand/1"]


def test_a_line_is_idle_only_when_nothing_is_asked_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "IDLE", 0.5)
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(4):
            writer.write(ask("/hand/1"))
            assert (await answer(reader))[1] == desk.body("/hand/1")
            await asyncio.sleep(0.25)
        assert await asyncio.wait_for(reader.read(), 5) == b""

    spoken(desk, talk)
    assert desk.known == ["/hand/1"] * 3


def test_what_is_read_for_needs_no_task_unless_that_fails() -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for path in ("/read/1", "/hand/1", "/read/large"):
            writer.write(ask(path))
            same((await answer(reader))[1], desk.body(path))
        writer.write(ask("/read/broken"))
        assert (await answer(reader))[0].startswith("http/1.1 500 ")

    spoken(desk, talk)
    assert (desk.read_for, desk.asked) == (["/read/1", "/read/large", "/read/broken"], [])


def test_answers_come_in_the_order_of_their_questions() -> None:
    desk = Desk({"/hand/refused"})
    some = ["/other", "/hand/1", "/hand/refused", "/hand/large", "/whole/1", "/hand/large", "/whole/large", "/other",
            "/read/1", "/read/large"]  # fmt: skip
    paths = some * 3

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(map(ask, paths)))
        for path in paths:
            same((await answer(reader))[1], desk.body(path))

    spoken(desk, talk)
    assert {"/other", "/hand/refused"} <= set(desk.asked)
    assert desk.at_once


def test_a_client_that_does_not_read_gets_everything_in_the_end() -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(4):
            writer.write(ask("/hand/large"))
        await asyncio.sleep(0.2)
        for _ in range(4):
            same((await answer(reader))[1], LARGE)

    spoken(desk, talk)


@pytest.mark.parametrize(("more", "version"), [("Connection: close\r\n", "1.1"), ("", "1.0")])
def test_a_line_is_closed_when_the_client_wants_it(more: str, version: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ask("/hand/large", more, version))
        head, body = await answer(reader)
        assert "connection: close" in head
        same(body, LARGE)
        assert await reader.read() == b""

    spoken(Desk(), talk)


def test_a_client_that_leaves_while_its_answer_is_made_ready_does_no_harm() -> None:
    desk = Desk()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            _, other = await asyncio.open_connection(*writer.get_extra_info("peername"))
            other.write(ask("/hand/large") * 2)
            other.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            other.close()
        writer.write(ask("/hand/1"))
        assert (await answer(reader))[1] == desk.body("/hand/1")

    spoken(desk, talk)


def test_a_head_has_its_bounds_in_length_and_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /hand/1 HTTP/1.1\r\n" + b"X: y\r\n" * 2 * (wire.LONGEST_HEAD // 6))
        assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /hand/1 HTTP/1.1\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ask("/late") + b"GET /hand/1 HTTP/1.1\r\n")
        assert b"408" not in await reader.read()

    spoken(Desk(), endless)
    monkeypatch.setattr(wire, "PATIENCE", 0.05)
    spoken(Desk(), slow)
    spoken(Desk(), between)


def test_what_is_no_http_is_refused() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")

    spoken(Desk(), talk)


@pytest.mark.parametrize(("store", "module"), [("", "uvloop"), ("postgresql://me@there/comity", "asyncio")])
def test_the_loop_is_the_one_that_the_store_can_be_served_by(
    store: str, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    monkeypatch.delenv("COMITY_DATABASE", raising=False)
    (tmp_path / "database").write_text(store)
    with asyncio.Runner(loop_factory=serving.config(Desk()).get_loop_factory()) as runner:
        made = runner.get_loop()
    assert type(made).__module__.startswith(module)


def test_a_port_that_is_taken_is_said_to_be() -> None:
    taken = serving.listen("127.0.0.1", 0)
    taken.listen()
    with taken, pytest.raises(OSError, match="in use"):
        serving.listen(*taken.getsockname())


def test_no_bytes_bring_it_down() -> None:
    chance = random.Random(1)
    good = [ask("/hand/1"), ask("/other", "X-Y: z\r\nAccept: */*\r\n"), ask("/hand/large?a=%20b"),
            b"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
            b"POST /other HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]  # fmt: skip
    odd = [b"\r\n", b"\0", b"\xff\xfe", b" ", b"HTTP/9.9", b"%zz", b"//", b"*", b":", b"\t", b"-1",
           b"Content-Length: 9\r\n"]  # fmt: skip

    def garbled() -> bytes:
        said = bytearray(b"".join(chance.choices(good, k=chance.randint(1, 3))))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(said))
            said[place : place + chance.randrange(6)] = chance.choice([b"", *odd])
        return bytes(said)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        where = writer.get_extra_info("peername")
        for _ in range(300):
            ear, mouth = await asyncio.open_connection(*where, limit=2 * len(LARGE))
            mouth.write(garbled())
            mouth.write_eof()
            assert b"HTTP/1.1 5" not in await ear.read()
            mouth.close()
        writer.write(ask("/hand/1"))
        assert (await answer(reader))[1] == Desk().body("/hand/1")

    spoken(Desk(), talk)
