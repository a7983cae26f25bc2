"""Opens the node's home for a verb that works on stored facts.

Only such verbs import this module: it brings the acts and with them Django.
"""

from datetime import date, datetime
from pathlib import Path

from comity.acts import credentials, nodes, stores
from comity.commands.home import made
from comity.commands.output import BadInput
from comity.models import Collection, Node, Party


def open_home(data: Path, *, retired_too: bool = False) -> None:
    """Make the home where it is missing (readable by its owner alone) and make the acts ready to use it.

    A store that was moved away is refused, unless the verb only reads, or has to do with moving (*retired_too*).
    """
    home = made(data)
    nodes.open_node(home)
    why = None if retired_too else stores.retired(stores.SOURCE)
    if why is not None:
        what, mend = f"--data {home}: this store takes no changes any more ({why})", "use the one that it was moved to"
        raise BadInput(what, mend)


def is_made() -> bool:
    """Tell whether the home that was opened holds a node already."""
    return Node.objects.exists()


def new_token(party: str, names: tuple[str, ...], *, write: bool, until: date | None,
              now: datetime) -> credentials.Token:  # fmt: skip
    """Make a credential of a party; LookupError says which party or collection is not here."""
    found = Party.objects.filter(code=party).first()
    if found is None:
        known = ", ".join(Party.objects.filter(in_exchange=True).values_list("code", flat=True))
        raise LookupError(f"there is no party “{party}” here; the parties are {known}")
    collections = [_collection(name) for name in names] if names else None
    return credentials.make(found, "officer", now, write=write, collections=collections, until=until)


def _collection(name: str) -> Collection:
    for one in Collection.objects.all():
        if name in {one.alias, str(one.uuid)}:
            return one
    known = ", ".join(Collection.objects.values_list("alias", flat=True))
    raise LookupError(f"there is no collection “{name}” here; the collections are {known or 'none yet'}")
