"""Threads that answer questions: of those that rest, the one that worked last, since it knows the store best.

Each thread keeps a connection, and what a connection has read is out of date as soon as another one has committed. So
whoever is alone in asking is served best by one thread, however many there are of them since a busier hour.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Threads(Executor):
    """Up to *most* threads, each made when all that there are by then are at work."""

    def __init__(self, most: int, name: str) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._resting = [ThreadPoolExecutor(1, f"{name}-{number}") for number in range(most)]
        self._left: deque[tuple[Future[Any], Callable[[], Any]]] = deque()  # what is asked for while nobody rests

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 - an Executor's
        """Have a function called; what comes of it is told by the future, once its thread rests again."""
        call = partial(fn, *args, **kwargs)
        with self._lock:
            if not self._resting:
                later: Future[T] = Future()
                self._left.append((later, call))
                return later
            one = self._resting.pop()
        return self._given(one, call)

    def _given(self, one: ThreadPoolExecutor, call: Callable[[], T]) -> Future[T]:
        future = one.submit(call)
        future.add_done_callback(partial(self._rest, one))
        return future

    def _rest(self, one: ThreadPoolExecutor, _done: Future[Any]) -> None:
        """Let a thread do what was left, or rest."""
        with self._lock:
            if not self._left:
                self._resting.append(one)
                return
            later, call = self._left.popleft()
        if later.set_running_or_notify_cancel():
            self._given(one, call).add_done_callback(partial(_tell, later))
        else:
            self._rest(one, later)


def _tell(later: Future[Any], done: Future[Any]) -> None:
    error = done.exception()
    if error is not None:
        later.set_exception(error)
    else:
        later.set_result(done.result())
