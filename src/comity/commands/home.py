"""The folder of the node's home, which a verb may need before it loads what works on stored facts."""

from pathlib import Path

from comity.commands.output import BadInput


def made(data: Path) -> Path:
    """Return the home's folder, made where it is missing, readable by its owner alone."""
    home = data.expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"--data {home}: {error.strerror}"
        raise BadInput(what, "name a folder that you may write to") from error
    return home
