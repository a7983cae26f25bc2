"""Opens the node's home for a verb that works on stored facts.

Only such verbs import this module: it brings the acts and with them Django.
"""

from pathlib import Path

from comity.acts import nodes
from comity.commands.output import BadInput


def open_home(data: Path) -> None:
    """Make the home where it is missing (readable by its owner alone) and make the acts ready to use it."""
    home = data.expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"--data {home}: {error.strerror}"
        raise BadInput(what, "name a folder that you may write to") from error
    nodes.open_node(home)
