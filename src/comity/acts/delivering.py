"""Answering a partner: what it may have of a collection, recorded in its ledger before a byte leaves."""

import os
import sys
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from tempfile import TemporaryFile

from django.conf import settings
from django.db import transaction

from comity.acts import commits, epochs, given, ledgers, moments, pages, sights
from comity.acts.commits import Moved
from comity.acts.epochs import Epoch
from comity.acts.given import manifest_record, timestamp
from comity.acts.groups import Waiting
from comity.acts.pages import Item, Page
from comity.acts.queries import CursorRefused, Query
from comity.acts.sights import Sight
from comity.ledger import entries
from comity.models import Collection, Credential, compression

__all__ = ["Answer", "Asked", "CursorRefused", "Item", "Moved", "Page", "Query", "deliver", "manifest_record",
           "timestamp"]  # fmt: skip

_TRIES = 3  # after which law and stock are held still before the page is read
_AT_HAND = 12 * 1024 * 1024  # bytes of answers that a process keeps at hand
_SMALL = 2048  # bytes that an answer is counted as beside its body
_LARGE = 64 * 1024  # bytes from which on a body that is given again goes from a file
_IN_FILE = sys.platform == "linux"
Write = Callable[[Page], bytes]
Key = tuple[int, str, str, Query, str | None, str]
"""The number of a sight, the method, the kind, the question, the object that is asked for, and the content coding."""
_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"zstd": compression.compress, "gzip": compression.gzipped}
_WORTH = 1024  # bytes from which on an answer is compressed


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it reached us: who asks, of which collection, when, and what for.

    `kind` is `delivery` (the objects themselves), `manifest` or `versions`; `method` is GET or HEAD. `epoch` is the
    state of the store in which the credential and its rights were looked up, None when they are the caller's own care.
    `coding` is the content coding that is wanted: zstd, gzip, or empty for none.
    """

    credential: Credential
    collection: Collection
    now: datetime
    kind: str
    query: Query
    method: str = "GET"
    epoch: Epoch | None = None
    coding: str = ""

    def text(self) -> str:
        """Write the question as the ledger records it."""
        return f"{self.method} {self.kind} {self.query.text()}"

    @property
    def recorded_as(self) -> str:
        """The kind of the ledger's entry: HEAD tells of objects' dates and gives none of them, as a manifest does."""
        return "manifest" if self.method == "HEAD" else self.kind


@dataclass(slots=True, eq=False, weakref_slot=True)
class Answer:
    """What goes in answer: the resource's bytes, how many objects, and the dates of the first and the last (µs).

    `key` is what it is at hand by, `sight` what it was read in, `coding` how the bytes are compressed; `asked_for` that
    it was given again since it last was to be dropped. `file` is open and holds the bytes too, once they are
    `put_in_file`.
    """

    body: bytes
    count: int
    key: Key
    sight: Sight
    first: int = 0
    last: int = 0
    items: bytes = b""
    said: Mapping[str, object] = field(default_factory=dict)
    coding: str = ""
    asked_for: bool = False
    file: int | None = None
    filed: bool = False
    forms: dict[str, entries.Form] = field(default_factory=dict)

    def form(self, user: str) -> entries.Form:
        """Return the form of the ledger's entry for this answer to the credential with a username."""
        found = self.forms.get(user)
        if found is None:
            found = self.forms[user] = form_of(self.said, user)
        return found

    def wants_file(self) -> bool:
        """Tell, once, whether it had better be put in a file."""
        wanted = _IN_FILE and len(self.body) >= _LARGE and not self.filed
        self.filed = self.filed or wanted
        return wanted

    def put_in_file(self) -> None:
        """Put the bytes into a file without a name in the node's home; it is gone with the answer, or the process.

        Where there is no room for it, they go from memory as before.
        """
        with suppress(OSError), TemporaryFile(dir=settings.DATA, buffering=0) as file:
            if file.write(self.body) == len(self.body):
                self.file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self.file)


class _AtHand:
    """Answers at hand; the oldest is dropped first, unless it was asked for meanwhile: then it counts as the newest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0

    def get(self, key: Key) -> Answer | None:
        with self._lock:
            found = self._found.get(key)
        if found is not None:
            found.asked_for = True
        return found

    def put(self, answer: Answer) -> None:
        with self._lock:
            key = answer.key
            if key in self._found or len(answer.body) > _AT_HAND // 2:
                return
            self._found[key] = answer
            self._size += len(answer.body) + _SMALL
            while self._size > _AT_HAND:
                oldest, dropped = self._found.popitem(last=False)
                if dropped.asked_for:
                    dropped.asked_for = False
                    self._found[oldest] = dropped
                else:
                    self._size -= len(dropped.body) + _SMALL


_at_hand = _AtHand()


def deliver(asked: Asked, write: Write, stix_id: str | None = None) -> Answer | None:
    """Read a page and record it; when this returns, the ledger's row is durable and the answer may be sent.

    *write* makes the resource of a page. With *stix_id* the page is of that object's versions, and None when for this
    partner there is no such object. An empty page records nothing: nothing was given. `Moved` when the credential or
    its rights are not what they were.
    """
    epoch = asked.epoch
    for _ in range(_TRIES):
        try:
            return _deliver(asked, write, stix_id, epoch or epochs.read())
        except Moved:
            epoch = _same_doors(asked)
    with transaction.atomic():
        return _deliver(asked, write, stix_id, _same_doors(asked, held=True))


def _same_doors(asked: Asked, *, held: bool = False) -> Epoch:
    """Return the state of the store now; `Moved` where the credential was looked up under another one's doors."""
    epoch = epochs.hold() if held else epochs.read()
    if asked.epoch is not None and asked.epoch.doors != epoch.doors:
        raise Moved
    return epoch


def _deliver(asked: Asked, write: Write, stix_id: str | None, epoch: Epoch) -> Answer | None:
    sight = sights.sight(asked.credential.party_id, asked.collection, asked.now, epoch)
    key = (sight.number, asked.method, asked.kind, asked.query, stix_id, asked.coding)
    answer = _at_hand.get(key)
    if answer is None:
        if stix_id is not None and not pages.has(sight, stix_id):
            return None
        answer = _answer(asked, sight, write, key)
        _at_hand.put(answer)
    if answer.count:
        commits.record(_entry_of(answer, asked.credential, epoch.doors, asked.now))
    return answer


def _entry_of(answer: Answer, credential: Credential, doors: str, now: datetime) -> Waiting:
    leaf = partial(answer.form(credential.username).leaf, entries.moment(now))
    return Waiting(answer.sight, doors, leaf, answer.items)


@dataclass(frozen=True, slots=True)
class Repeatable:
    """An answer that was given to a credential under a mark of credentials, and may be given to it again.

    Nothing is looked up for that: whether law, stock and credentials still are what they were is looked at in the
    transaction that records it, as for every answer. But for the calendar: `since` and `until` are the moments (µs)
    from which and before which sight and credential stand. `answer` gives None once it is no longer at hand.
    """

    answer: Callable[[], Answer | None]
    form: entries.Form
    doors: str
    since: int
    until: int

    def again(self, now: datetime) -> tuple[Answer, Waiting] | None:
        """Return the answer with the entry to be recorded before it leaves; None when it has to be read."""
        answer = self.answer()
        if answer is None or not self.since <= max(moments.micros(now), answer.sight.epoch.stamp) < self.until:
            return None
        answer.asked_for = True
        leaf = partial(self.form.leaf, entries.moment(now))
        return answer, Waiting(answer.sight, self.doors, leaf, answer.items)


def repeatable(asked: Asked, answer: Answer) -> Repeatable | None:
    """Return how an answer that was just given may be given again; None where it has to be read each time."""
    if asked.epoch is None or not answer.count:
        return None
    sight, ends = answer.sight, asked.credential.expires_at
    until = sight.until if ends is None else min(sight.until, ends)
    form = answer.form(asked.credential.username)
    return Repeatable(weakref.ref(answer), form, asked.epoch.doors, sight.since, until)


def _answer(asked: Asked, sight: Sight, write: Write, key: Key) -> Answer:
    page = pages.page(sight, asked.query)
    count = page.count
    if not count:
        return Answer(write(page), 0, key, sight)
    kind = asked.recorded_as
    last = page.slices[-1]
    said = told(sight, page, kind, asked.text())
    body, coding = _coded(write(page), asked.coding)
    return Answer(body, count, key, sight, page.slices[0].date, last.date + last.count - 1,
                  given.keep(kind, sight.collection, page), said, coding)  # fmt: skip


def told(sight: Sight, page: Page, kind: str, request: str) -> Mapping[str, object]:
    """Return what a ledger entry of *kind* says of a page, but for its index, its moment and the credential."""
    grounds, by_item = entries.grounds_in_runs((sight.ground(one.handling), one.count) for one in page.slices)
    return {
        "kind": kind, "log": ledgers.origin(sight.us, sight.party), "request": request,
        "collection": sight.uuid, "count": page.count,
        "items": sha256(_digests(kind, page)).hexdigest(), "grounds": grounds, "by_item": by_item,
        "names": sha256(page.lines()).hexdigest(),
    }  # fmt: skip


def form_of(said: Mapping[str, object], credential: str) -> entries.Form:
    """Return the form of the ledger's entry that says *said* of what went to a credential."""
    return entries.form(_entry(said, credential))


def _coded(body: bytes, wanted: str) -> tuple[bytes, str]:
    """Compress a body, as a whole: from stored pieces one could see where they end, and so how much came before."""
    if wanted not in _CODINGS or len(body) < _WORTH:
        return body, ""
    return _CODINGS[wanted](body), wanted


def _digests(kind: str, page: Page) -> bytes:
    """Return the digests that an entry of *kind* commits to, joined."""
    if kind == "delivery":
        return page.digests()
    return b"".join(given.digest_as(kind, one.date, one.stix_id, one.version, one.digest) for one in page.items())


_KINDS: Mapping[str, Callable[..., entries.Answer]] = {
    "delivery": entries.Delivery, "manifest": entries.Manifest, "versions": entries.Versions,
}  # fmt: skip


def _entry(said: Mapping[str, object], credential: str) -> entries.Entry:
    rest = {name: value for name, value in said.items() if name != "kind"}
    return _KINDS[str(said["kind"])](v=1, index=0, at="1970-01-01T00:00:00.000000Z", credential=credential, **rest)
