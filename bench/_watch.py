"""What a server's processes cost: processor time and memory, read from /proc; Linux alone tells."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time that were used so far, and bytes of memory in use now."""

    seconds: float
    memory: int


def cost(process: int) -> Cost | None:
    """Add up what a process and all that it started have used; None where the system does not tell."""
    if not Path(f"/proc/{process}/stat").exists():
        return None
    used = [_used(each) for each in _family(process)]
    return Cost(sum(one.seconds for one in used), sum(one.memory for one in used))


def _family(process: int) -> list[int]:
    below = [int(word) for task in Path(f"/proc/{process}/task").iterdir()
             for word in (task / "children").read_text(encoding="ascii").split()]  # fmt: skip
    return [process, *(each for child in below for each in _family(child))]


def _used(process: int) -> Cost:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    kept = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    shared_out = sum(int(line.split()[1]) for line in kept if line.startswith("Pss:"))
    return Cost((int(fields[11]) + int(fields[12])) / _TICKS, shared_out * 1024)
