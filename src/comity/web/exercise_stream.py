"""The live board as server-sent events: one drawing a board and language for all who look at it, and no thread for any.

Who looks holds an asynchronous generator. As long as somebody does, one task a board draws it every two seconds in one
thread that all boards share, and wakes those who look only where it has changed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from django.db import close_old_connections

EVERY: Final = 2.0  # seconds from drawing to drawing
STILL: Final = 20.0  # seconds after which a word is sent though nothing has changed, so that proxies keep the line
Draw = Callable[[], str]
_PEN: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="boards")


@dataclass(slots=True)
class _Board:
    """What is drawn for those who look at one board: the last drawing, its number, and the task that draws."""

    turned: asyncio.Condition = field(default_factory=asyncio.Condition)
    viewers: int = 0
    number: int = 0
    drawing: str = ""
    task: "asyncio.Task[None] | None" = None


_boards: dict[tuple[str, ...], _Board] = {}


def watched() -> int:
    """Count the boards that somebody looks at."""
    return len(_boards)


async def follow(key: tuple[str, ...], draw: Draw) -> AsyncIterator[bytes]:
    """Give a board as it is, and again whenever it has changed, until who looks goes away."""
    board = _boards.setdefault(key, _Board())
    board.viewers += 1
    if board.task is None:
        board.task = asyncio.create_task(_keep_drawing(board, draw))
    seen = 0
    try:
        while True:
            try:
                async with asyncio.timeout(STILL), board.turned:
                    while board.number == seen:
                        await board.turned.wait()
                    seen, drawing = board.number, board.drawing
            except TimeoutError:
                yield b": nothing new\n\n"
            else:
                yield event(drawing)
    finally:
        board.viewers -= 1
        if not board.viewers:
            _boards.pop(key, None)
            board.task.cancel()


async def _keep_drawing(board: _Board, draw: Draw) -> None:
    loop = asyncio.get_running_loop()
    while True:
        drawing = await loop.run_in_executor(_PEN, _drawn, draw)
        if drawing != board.drawing:
            async with board.turned:
                board.number, board.drawing = board.number + 1, drawing
                board.turned.notify_all()
        await asyncio.sleep(EVERY)


def _drawn(draw: Draw) -> str:
    close_old_connections()
    return draw()


def event(drawing: str, *, again: int | None = None) -> bytes:
    """Write a drawing as one event; *again* tells the browser after how many seconds it may ask anew."""
    lines = "".join(f"data: {line}\n" for line in drawing.splitlines())
    retry = "" if again is None else f"retry: {again * 1000}\n"
    return f"{retry}event: board\n{lines}\n".encode()
