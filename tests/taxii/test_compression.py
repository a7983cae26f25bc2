"""Answers are compressed for who asks for it (RFC 9110 §8.4, §12.5.3); what they say is the same."""

import gzip

import pytest
import zstandard

from tests.taxii.conftest import World
from tests.taxii.partner import YARD, Answer

pytestmark = pytest.mark.django_db


def ask(world: World, coding: str, method: str = "GET", path: str = f"{YARD}objects/") -> Answer:
    return world.reader.ask(method, path, {"Accept-Encoding": coding})


def plain(answer: Answer) -> bytes:
    match answer.headers.get("content-encoding"):
        case "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(answer.body)
        case "gzip":
            return gzip.decompress(answer.body)
    return answer.body


@pytest.mark.parametrize(("asked", "given"), [
    ("zstd", "zstd"), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("zstd;q=0, gzip", "gzip"), ("GZIP;q=0.5", "gzip"),
    ("br, deflate", None), ("", None), ("zstd;q=x", None), ("identity", None), ("*", None),
])  # fmt: skip
def test_the_coding_is_one_that_was_asked_for(world: World, asked: str, given: str | None) -> None:
    answer = ask(world, asked)
    assert (answer.status, answer.headers.get("content-encoding")) == (200, given)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert plain(answer) == world.reader.get(f"{YARD}objects/").body
    assert len(answer.body) == int(answer.headers["content-length"])
    head = ask(world, asked, "HEAD")
    assert (head.headers, head.body) == (answer.headers, b"")
    assert ask(world, asked).body == answer.body


def test_what_is_short_or_an_error_is_not_compressed(world: World) -> None:
    assert "content-encoding" not in world.reader.ask("GET", "/taxii2/", {"Accept-Encoding": "zstd"}).headers
    short = world.reader.ask("GET", f"{YARD}objects/", {"Accept-Encoding": "zstd"}, query=b"limit=1")
    assert "content-encoding" not in short.headers
    lost = world.reader.ask("GET", "/exchange/collections/nowhere/objects/", {"Accept-Encoding": "gzip"})
    assert (lost.status, lost.headers.get("content-encoding")) == (404, None)
