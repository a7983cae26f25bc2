"""The threads that answer: whoever is alone is served by one, and nobody is left out where all are at work."""

import threading
from concurrent.futures import Future
from typing import TypeVar

import pytest

from comity.taxii.threads import Threads

MOST = 3
T = TypeVar("T")


def told(future: Future[T]) -> T:
    """Wait as the server does, for the call that tells of it."""
    heard = threading.Event()
    future.add_done_callback(lambda _: heard.set())
    assert heard.wait(10)
    return future.result()


def test_one_question_after_another_goes_to_one_thread_however_many_there_are() -> None:
    threads, gate = Threads(MOST, "test"), threading.Barrier(MOST)

    def together() -> str:
        gate.wait(10)
        return threading.current_thread().name

    all_of_them = {told(one) for one in [threads.submit(together) for _ in range(MOST)]}
    assert len(all_of_them) == MOST
    alone = {told(threads.submit(lambda: threading.current_thread().name)) for _ in range(20)}
    assert len(alone) == 1
    assert alone < all_of_them


def test_what_comes_while_all_are_at_work_waits_for_whoever_rests_first() -> None:
    threads, gate = Threads(MOST, "test"), threading.Event()
    at_work = [threads.submit(gate.wait, 10) for _ in range(MOST)]
    left = [threads.submit(int, text) for text in ("1", "2", "three", "4")]
    assert left[3].cancel()
    assert not any(one.done() for one in left[:3])
    gate.set()
    assert [told(one) for one in left[:2]] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        told(left[2])
    assert all(told(one) for one in at_work)
    assert told(threads.submit(int, "5")) == int("5")
