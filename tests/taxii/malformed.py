"""Malformed requests from a seed: a good request to any endpoint, and up to three things wrong with it.

None of them may be stored: a body that would be good is sent only where something before it is refused.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from urllib.parse import quote

from tests.taxii.partner import DAY_2, GETS, HARBOUR, TAXII, YARD, Message, Partner, indicator

METHODS = ("GET", "GET", "GET", "POST", "POST", "DELETE", "HEAD")
ODD_METHODS = ("PUT", "PATCH", "OPTIONS", "TRACE", "get", "G", "PROPFIND", "X" * 300)
PATHS = (*GETS, f"{HARBOUR}objects/", f"{HARBOUR}manifest/", "/exchange/status/6f7d1a0e-64b4-4f6d-9c5c-6a0c1c1d1e1f/")
PIECES = ("%00", "%ff", "%2e%2e", "..", "//", "%2F", "%", "%zz", ";", "é", "%f0%9f%a6%9c", "a" * 5000, "'", '"',
          "%0d%0a")  # fmt: skip
FIELDS = ("limit", "next", "added_after", "match[id]", "match[type]", "match[version]", "match[spec_version]", "x")
VALUES = (
    "", "0", "-1", "1", "1.0", "99999999999999999999999", "all", "all,last", "first,first", ",", "a,,b", " ", "%00",
    "%ff", "%ed%a0%80", "%zz", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z",
    "1969-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2.1", "2.0,2.1", "indicator", "A" * 32, "AAAA", "====",
    "a" * 3000, "%F0%9F%A6%9C", "%E2%80%A8", "$ne", "1 OR 1=1", "';--", "null", "[]", "+", "%", "&", "=", DAY_2,
    indicator(2)["id"],
)  # fmt: skip
ACCEPTS = ("text/html", "", ",", ";", "/", "*/*;q=0", "application/taxii+json;version=2.0", "a/b;q=nan", "*/*;q=x",
           "application/taxii+json;version*=utf-8''2.1", 'application/taxii+json;version="', "\x80/\xff",
           "x" * 4000)  # fmt: skip
CREDENTIALS = ("", "Basic", "Basic =", "Basic \xe9", "Bearer", "Bearer \xff\x00", "Negotiate x", ":",
               "Basic " + "A" * 4000)  # fmt: skip
TYPES = ("text/plain", "", "application/taxii+json;version=2.0", "multipart/form-data", ";", "\xff", "application/x")
JUNK = (
    b"", b"{", b"[]", b"null", b"{}", b'{"objects":[]}', b'{"objects":{}}', b'{"objects":[{}]}', b'{"objects":[[]]}',
    b'{"objects":[null,5,"x",true]}', b"\xff\xfe\x00", b"[" * 5000, b'{"objects":[' * 2000,
    b'{"objects":["\xed\xa0\x80"]}',
    b'{"objects":[{"type":"indicator","id":"indicator--\\u0000"}]}', b'{"objects":[{"a":1e999}]}', b"\x00" * 999,
    b'{"objects":[' + b'{"a":' * 800 + b"1" + b"}" * 800 + b"]}", b'{"objects":[{"id":"\\ud800","type":"\\udfff"}]}',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A request on its way to being malformed; `refused` once something before the body is."""

    method: str
    path: str
    query: bytes
    accept: str | None
    authorization: str | None
    content_type: str | None
    body: bytes
    refused: bool = False

    def message(self, chance: Random) -> Message:
        """Return it as a message, its body in one piece or several."""
        named = (("Accept", self.accept), ("Authorization", self.authorization), ("Content-Type", self.content_type))
        headers = tuple((name, value) for name, value in named if value is not None)
        cut = chance.randrange(len(self.body) + 1)
        chunks = (self.body,) if chance.random() < 0.5 else (self.body[:cut], b"", self.body[cut:])
        return Message(self.method, self.path, self.query, headers, chunks)


def messages(seed: int, number: int, partners: Sequence[Partner]) -> Iterator[Message]:
    """Yield *number* malformed requests."""
    chance = Random(seed)
    for _ in range(number):
        partner = chance.choice(partners)
        draft = Draft(chance.choice(METHODS), chance.choice(PATHS), b"", TAXII, partner.basic, TAXII, b"")
        if draft.method == "POST":
            draft = replace(draft, path=chance.choice((YARD, HARBOUR)) + "objects/", body=wrong_body(chance))
        fewest = 0 if draft.method == "POST" else 1  # its body is wrong already
        for fault in chance.choices(FAULTS, k=chance.choice((fewest, fewest, 1, 2, 3))):
            draft = fault(draft, chance)
        if draft.refused and chance.random() < 0.5:
            draft = replace(draft, body=json.dumps({"objects": [indicator(chance.randrange(10**6))]}).encode())
        yield draft.message(chance)


def wrong_body(chance: Random) -> bytes:
    """Make a body none of whose objects is good."""
    if chance.random() < 0.3:
        return chance.choice(JUNK)
    one = indicator(chance.randrange(10**6))
    for name in ("pattern", *chance.sample(sorted(one), k=2)):
        one.pop(name, None)
    wrong: object = chance.choice((None, 5, "", [], {}, "\u0000", "é", -0.0))
    one[chance.choice(("id", "type", "created", "modified", "x"))] = wrong
    text = bytearray(json.dumps({"objects": [one] * chance.randint(1, 3)}).encode())
    for _ in range(chance.choice((0, 0, 1, 5))):
        text[chance.randrange(len(text))] = chance.randrange(256)
    return bytes(text[: chance.choice((None, chance.randrange(len(text))))])


def wrong_path(draft: Draft, chance: Random) -> Draft:
    at = chance.randrange(len(draft.path)) + 1
    pieces = (draft.path.rstrip("/"), draft.path + chance.choice(PIECES), draft.path[:at] + chance.choice(PIECES) +
              draft.path[at:], draft.path.upper(), draft.path + "/", draft.path[:at], quote(draft.path))  # fmt: skip
    path = chance.choice(pieces)
    return replace(draft, path=quote(path, safe="/%;'\"._-~!$&()*+,=:@"))


def wrong_method(draft: Draft, chance: Random) -> Draft:
    return replace(draft, method=chance.choice(ODD_METHODS), refused=True)


def wrong_query(draft: Draft, chance: Random) -> Draft:
    if chance.random() < 0.1:
        return replace(draft, query=chance.randbytes(chance.randrange(200)))
    pairs = [f"{chance.choice(FIELDS)}={chance.choice(VALUES)}" for _ in range(chance.choice((1, 1, 2, 3, 60)))]
    return replace(draft, query="&".join(pairs).encode())


def wrong_accept(draft: Draft, chance: Random) -> Draft:
    return replace(draft, accept=chance.choice(ACCEPTS))


def wrong_credential(draft: Draft, chance: Random) -> Draft:
    raw = base64.b64encode(chance.randbytes(chance.randrange(60))).decode()
    return replace(draft, authorization=chance.choice((*CREDENTIALS, f"Basic {raw}", None)), refused=True)


def wrong_type(draft: Draft, chance: Random) -> Draft:
    return replace(draft, content_type=chance.choice((*TYPES, None)), refused=True)


FAULTS: tuple[Callable[[Draft, Random], Draft], ...] = (
    wrong_path, wrong_method, wrong_query, wrong_query, wrong_accept, wrong_credential, wrong_type,
)  # fmt: skip
