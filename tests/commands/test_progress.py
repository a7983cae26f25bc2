"""What a verb that takes files in tells of how far it is, at a terminal and elsewhere."""

import os
import pty
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from comity.commands.share_files import shown


def test_elsewhere_a_line_for_each_kind_of_work_tells_how_much_there_was(capfd: pytest.CaptureFixture[str]) -> None:
    with shown() as told:
        told("Checking a.json", 1, None)
        told("Storing", 2, 3)
        told("Storing", 3, 3)
        assert capfd.readouterr() == ("", "")
    assert capfd.readouterr() == ("", "Checking a.json: 1 object\nStoring: 3 objects\n")


def test_what_was_done_is_told_where_the_rest_fails_too(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        with shown() as told:
            told("Storing", 2, 3)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken()
    assert capfd.readouterr().err == "Storing: 2 objects\n"


def test_at_a_terminal_bars_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", terminal)
        patched.setenv("TERM", "xterm")
        patched.setenv("COLUMNS", "100")
        with shown() as told:
            told("Storing", 2, 2)
    drawn = b"".join(_until_hung_up(ours)).decode()
    os.close(ours)
    assert "Storing: 2 objects" in drawn
    assert "━" in drawn


def _until_hung_up(terminal: int) -> Iterator[bytes]:
    """Yield what a terminal was sent, up to the end: Linux tells that by an error, macOS by nothing."""
    with suppress(OSError):
        while piece := os.read(terminal, 65_536):
            yield piece
