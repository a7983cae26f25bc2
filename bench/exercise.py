"""An exercise of eight hours between two nodes on one machine, played by a script, scored by what the exchange shows.

`COMITY_EXERCISE_SPEED` sets how much faster than the world it runs (240 by default; at 60 it takes eight minutes).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import _child, _viewers, _watch
from comity.commands.bench import Figure

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "catalogues" / "exercises" / "hospital-and-port.yaml"
NAME = "hospital-and-port"
LOOKED_AT = "shared-provider"
"""Another, which runs while 50 people look at its board."""
VIEWERS, LOOK = 50, 20.0
SPEED = int(os.environ.get("COMITY_EXERCISE_SPEED", "240"))
PORTS = {"BS": 18_431, "XA": 18_432}
WORLD = 8 * 3600 / SPEED
"""How many seconds of the world it lasts."""


@dataclass
class Side:
    """One node: its home, its port, and what the other was handed."""

    party: str
    home: Path
    token: dict[str, str] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        return kept | {"COMITY_DATA": str(self.home), "DJANGO_SETTINGS_MODULE": "comity.settings"}

    def make(self, other: str) -> None:
        """Make the node."""
        self.home.mkdir(mode=0o700)
        done = subprocess.run([sys.executable, "-m", "bench._exercise_node", str(self.home), self.party, other],
                              env=self.environment, cwd=ROOT, capture_output=True, check=True)  # fmt: skip
        self.token = json.loads(done.stdout)

    def start(self) -> None:
        """Serve it."""
        command = [sys.executable, "-m", "comity.serving", "--port", str(PORTS[self.party])]
        self.server = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        _until(self.listens, 60)

    def listens(self) -> bool:
        """Tell whether it answers yet."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", PORTS[self.party])) == 0

    def stop(self) -> None:
        """End it."""
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)

    def run(self, *words: str, said: str = "", yes: bool = True) -> Any:  # noqa: ANN401 - JSON of any verb
        """Run a verb of the command line, and give what it prints."""
        command = [sys.executable, "-c", "from comity.commands import main; main()", *words, "--json"]
        done = subprocess.run(command, input=said.encode(), env=self.environment, cwd=ROOT, capture_output=True,
                              check=False)  # fmt: skip
        if done.returncode and (yes or done.returncode != 1):
            raise _child.NotMeasured(f"{' '.join(words)}: {done.stderr.decode().strip()}")
        return json.loads(done.stdout)

    def tie(self, other: "Side") -> None:
        """Take what the other lays out, each second."""
        self.run("peer", "add", other.party.lower(), "--party", other.party, "--agreement", "bs-xa-cyber-mou",
                 "--url", f"http://127.0.0.1:{PORTS[other.party]}/exchange/", "--user", other.token["user"],
                 "--pull", "exercise=exercise", "--every", "1s", said=other.token["secret"] + "\n")  # fmt: skip

    def put(self) -> set[str]:
        """Name what was put, as this side knows it."""
        return set(self.run("exercise", "status", NAME)[0]["put"])


def run() -> Iterator[Figure]:
    """Play it, then compare both sides' reports and the ledger's word."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as at_end:
        lead, other = (Side(party, Path(folder) / party) for party in ("BS", "XA"))
        lead.make("XA")
        other.make("BS")
        for side in (lead, other):
            at_end.callback(side.stop)
            side.start()
        lead.tie(other)
        other.tie(lead)
        lead.run("exercise", "new", str(SCENARIO))
        other.run("exercise", "new", str(SCENARIO), "--led-by", "BS")
        begun = time.monotonic()
        lead.run("exercise", "clock", NAME, "start", str(SPEED))
        _play(lead, other)
        _until(lambda: lead.run("exercise", "status", NAME)[0]["state"] == "ended", WORLD * 1.5 + 60)
        took = time.monotonic() - begun
        yield from _figures(lead, other, took)
        yield from _looked_at(lead)


def _play(lead: Side, other: Side) -> None:
    """Let both teams act: a warning in time, a request, its acknowledgement and its answer, and a decision."""
    _until(lambda: "H2" in lead.put(), WORLD)
    lead.run("exercise", "share", NAME, "H2")
    _until(lambda: "P4" in other.put(), WORLD)
    other.run("exercise", "ask", NAME, "BS", "assistance", "Our port. Who has seen this?", "--urgency", "emergency",
              "--agreement", "bs-xa-cyber-mou")  # fmt: skip
    _until(lambda: bool(lead.run("request", "list", yes=False)), WORLD)
    request = lead.run("request", "list", yes=False)[0]["request"]
    lead.run("request", "move", request, "acknowledge", yes=False)
    lead.run("request", "move", request, "answer", "--words", "Here is what helps.", yes=False)
    _until(lambda: "H5" in lead.put(), WORLD)
    lead.run("exercise", "took", NAME, "ransom", "refuse")


def _until(so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds + 60
    while not so():
        if time.monotonic() > until:
            raise _child.NotMeasured("the exercise did not go on: see the node's own words")
        time.sleep(1)


def _figures(lead: Side, other: Side, took: float) -> Iterator[Figure]:
    time.sleep(6)  # the last rounds
    lead.run("exercise", "tell", NAME)
    other.run("exercise", "tell", NAME)
    time.sleep(6)
    for side in (lead, other):
        told = side.run("exercise", "report", NAME, "--verify")
        verdicts = {one["id"]: one["verdict"] for one in told["expected"]}
        print(f"{side.party}: {verdicts}", file=sys.stderr)
        for verdict, count in told["verdicts"].items():
            yield Figure(f"{side.party}: {verdict}", count, "expectations")
        yield Figure(f"{side.party}: the ledger alone says the same", float(told["verified"]), "yes is 1")
    joint = lead.run("exercise", "report", NAME, "--for", "joint")
    agreed = sum(one["agreed"] != "the sides differ" for one in joint["expected"])
    yield Figure("agreed by both", agreed, "expectations")
    yield Figure("injects put", len(lead.put()), "injects")
    yield Figure("lasted", took, "s", took / WORLD, "eight hours at its speed")


def _looked_at(lead: Side) -> Iterator[Figure]:
    """Run another exercise; tell what the server costs with nobody at the board, and with many."""
    lead.run("exercise", "new", str(ROOT / "catalogues" / "exercises" / f"{LOOKED_AT}.yaml"))
    lead.run("exercise", "clock", LOOKED_AT, "start", str(SPEED))
    path, port = f"/exercises/{LOOKED_AT}/board/stream", PORTS[lead.party]
    cookies = _viewers.signed_in(port, lead.token["password"])
    nobody = _share_of_a_core(lead)
    with _viewers.looking(port, path, cookies, 1):
        one = _share_of_a_core(lead)
    with _viewers.looking(port, path, cookies, VIEWERS) as viewers:
        many = _share_of_a_core(lead)
        drawings = sorted(viewers.drawings)
    yield Figure("the server, nobody at the board", 100 * nobody, "% of a core")
    yield Figure("the server, one viewer", 100 * one, "% of a core")
    yield Figure(f"the server, {VIEWERS} viewers", 100 * many, "% of a core", many / one, "one viewer")
    yield Figure(f"drawings sent to each of {VIEWERS}, least", drawings[0], "drawings", drawings[0] / drawings[-1],
                 "the most")  # fmt: skip


def _share_of_a_core(side: Side) -> float:
    process = side.server.pid if side.server is not None else 0
    before = _watch.cost(process)
    time.sleep(LOOK)
    after = _watch.cost(process)
    if before is None or after is None:
        raise _child.NotMeasured("this system does not tell what a process costs")
    return (after.seconds - before.seconds) / LOOK
