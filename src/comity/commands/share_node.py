"""The part of `comity share` that works on stored facts: loaded while the files are being read and checked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.acts import intake
from comity.acts.gathering import Gathering
from comity.commands import node


def store(coming: Gathering, data: Path, collection: str, said: tuple[Any, ...]) -> intake.Report:
    """Store what is coming in the node in *data*; *said* is what `intake.Said` takes, in its order."""
    node.open_home(data)
    return intake.store(coming, collection, intake.Said(*said), "officer", datetime.now(UTC))
