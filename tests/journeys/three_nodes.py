"""Makes one of three nodes that exchange with each other; run as a program with its home and what it is to be.

Everything is read as JSON from standard input: `party`, `objects` (how many it originates), `tokens` (parties that get
one), or, in a second run, `peers`. What the other runs need is printed as JSON.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from comity.acts import agreements, credentials, keys, messages, nodes, peers, sharing  # noqa: E402 - tables need Django to be set up
from comity.models import Collection, Node, Party  # noqa: E402 - as above
from comity.policy.handling import Terms  # noqa: E402 - as above
from comity.policy.markings import Tlp  # noqa: E402 - as above
from comity.stix.objects import Accepted, read  # noqa: E402 - as above
from tests.journeys.world import indicator  # noqa: E402 - as above

LABELS = ("CLEAR", "GREEN", "AMBER", "RED")
FEED, STEP = "feed", 5000
CIRCLE = """
agreement: Three nodes
title: Three nodes and a server, for a test
fictional: yes
force: binding
text_prevails: yes
parties: {BS: The Bahamas, XA: Ardenia, XH: Hub, XF: Far}
clock: {time_zone: Etc/UTC, holidays: {BS: [], XA: [], XH: [], XF: []}}
life: {in_force: "2026-01-01"}
settles:
  whose_holidays_count: both
  month_end_rule: last day of the month
  last_day_inside: yes
  consent_survives_suspension: no
  silence_is_consent: no
  beside_other_agreements: adds
  backlog_for_new_party: all
clauses:
  P1:
    says: The Parties share technical indicators up to AMBER.
    effect: may
    action: [share]
    information: [technical indicators]
    tlp_up_to: AMBER
  P2:
    says: What was received may be passed on among the Parties up to GREEN; above it with the originator's consent.
    effect: must not
    action: [pass on]
    information: [technical indicators]
    except: [{tlp_up_to: GREEN}, {originator_consent: written}]
examples:
  - {day: "2026-06-01", from: BS, to: XH, share: technical indicators, purpose: prevention, tlp: AMBER,
     personal_data: none, answer: allowed, by: P1}
  - {day: "2026-06-01", from: XH, to: BS, pass on: technical indicators, purpose: prevention, tlp: AMBER,
     personal_data: none, originator_consent: none, answer: refused, by: P2}
"""


def stock(party: str, count: int) -> list[dict[str, Any]]:
    """Make what a party originates: indicators of every label in turn."""
    return [indicator(f"{party}-{number}", LABELS[number % len(LABELS)]) for number in range(count)]


def make(home: Path, asked: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Make the node with its stock, and give tokens, each with the line of the log's key."""
    now, us = datetime.now(UTC), asked["party"]
    nodes.open_node(home)
    Party.objects.create(code=us, name=us, in_exchange=True)
    Node.objects.create(party_id=us)
    agreements.adopt(CIRCLE.encode(), "three.yaml", "test", now)
    where = sharing.make_collection(FEED, "Feed", now, purpose="prevention")
    own = [read(json.dumps(one).encode()) for one in stock(us, asked["objects"])]
    good = [one for one in own if isinstance(one, Accepted)]
    for start in range(0, len(good), STEP):
        sharing.accept(where, good[start : start + STEP], Terms(Tlp.RED, us, "prevention"), "test", now)
    made = []
    for code in asked["tokens"]:
        token = credentials.make(Party.objects.get(code=code), "test", now, write=True)
        line = keys.open_keys(home, now).verifier(messages.log_name(us, code)).text()
        made.append((code, token.username, token.secret, line))
    return made


def tie(asked: dict[str, Any]) -> None:
    """Add peers with their lines."""
    now, feed = datetime.now(UTC), Collection.objects.get()
    for one in asked["peers"]:
        who, where, signed = (one["name"], one["party"]), one["root"], (one["username"], one["secret"])
        asked_for = peers.Asked(*who, "three-nodes", where, where, *signed, keeps_ledger=one["comity"],
                                largest=10 << 20)  # fmt: skip
        peer = peers.add(asked_for, "test", now)
        if one["comity"]:
            messages.keep_key(one["party"], one["key"], "handed over", "test", now)
        for way in one["ways"]:
            peers.add_line(peer, peers.Wanted(way, one["collection"], feed.alias, every=1, page=one["page"]), now)


if __name__ == "__main__":
    told = json.loads(sys.stdin.read())
    if "peers" in told:
        tie(told)
    else:
        tokens = make(Path(sys.argv[1]), told)
        said = {"collection": str(Collection.objects.get().uuid), "tokens": tokens}
        print(json.dumps(said))  # noqa: T201 - what the caller reads
