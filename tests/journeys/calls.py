"""What a journey asks of a node: as a partner over the exchange, and by its verbs."""

import base64
import http.client
import json
from contextlib import closing

from tests.journeys.siege import COLLECTION, Account, Fortress


def get(fortress: Fortress, one: Account, path: str) -> bytes:
    """Ask a served node as a partner does; give the body of what must be a good answer."""
    signed = "Basic " + base64.b64encode(f"{one.username}:{one.secret}".encode()).decode()
    headers = {"Accept": "application/taxii+json;version=2.1", "Authorization": signed}
    with closing(http.client.HTTPConnection("127.0.0.1", fortress.port, timeout=60)) as link:
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        body = answer.read()
    assert answer.status == 200, body
    return body


def poll(fortress: Fortress, one: Account, after: str = "") -> list[str]:
    """Poll once as a partner does; give the identifiers that came."""
    page = json.loads(get(fortress, one, f"/exchange/collections/{COLLECTION}/objects/?limit=50{after}"))
    return [each["id"] for each in page.get("objects", [])]


def logs(fortress: Fortress, accounts: list[Account]) -> dict[str, str]:
    """Export each partner's log."""
    return {one.party: fortress.run("ledger", "export", one.party) for one in accounts}


def refused(fortress: Fortress, *arguments: str) -> str:
    """Run a verb that must refuse; give what it says."""
    done = fortress.tried(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr.splitlines()[-1]
