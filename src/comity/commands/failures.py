"""What a verb says when the house refuses: each error of the other rooms, told once, as one line with exit code 2.

The table names classes by their module, and only modules that are loaded are looked at: an error of any other cannot
have been raised, and to ask for help must load nothing.
"""

import sys
from typing import Final

import click

from comity.commands.refusal import BadInput

TOLD: Final = (
    "comity.acts.agreement_files.FileProblemError",
    "comity.acts.agreements.Rejected",
    "comity.acts.checking.ProcessLostError",
    "comity.acts.credentials.NoSuchToken",
    "comity.acts.example_state.CatalogueDamaged",
    "comity.acts.intake.IntakeRefused",
    "comity.acts.keys.KeysRefused",
    "comity.acts.messages.Refused",
    "comity.acts.misp_events.EventsRefused",
    "comity.acts.moments.NoNode",
    "comity.acts.officers.Refused",
    "comity.acts.peer_secrets.SecretLost",
    "comity.acts.peers.PeerRefused",
    "comity.acts.placing.Mixed",
    "comity.converting.misp.ConverterLost",
    "comity.ledger.errors.LedgerError",
    "comity.peering.client.BadAnswer",
    "comity.peering.client.Unreached",
    "comity.policy.dates.DateOutOfRangeError",
    "comity.policy.iep.NothingToExportError",
    "comity.stix.blocks.BrokenError",
    "comity.stix.canonical.NotCanonicalError",
)
STORE: Final = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError")
STORE_LINE: Final = (
    "the database cannot be used ({}): see that it runs, and that COMITY_DATABASE (or --data) names it rightly"
)


def raised_by_rooms() -> tuple[type[Exception], ...]:
    """Return the errors that the other rooms may have raised in this process."""
    return _loaded(TOLD)


def raised_by_store() -> tuple[type[Exception], ...]:
    """Return the errors of a database that cannot be reached or used."""
    return _loaded(STORE)


def _loaded(names: tuple[str, ...]) -> tuple[type[Exception], ...]:
    found = ((sys.modules.get(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in names)
    return tuple(vars(module)[name] for module, name in found if module is not None)


def of_room(error: Exception) -> BadInput:
    """Tell an error of another room; several reasons stand one below the other."""
    reasons = getattr(error, "reasons", None) or (str(error),)
    return BadInput("\n        ".join(reasons))


def of_store(error: Exception) -> BadInput:
    """Tell that the database cannot be used, by the first line of its own account."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    return BadInput(STORE_LINE.format(said[0].strip().rstrip(".:")))


def of_typing(error: click.UsageError) -> BadInput:
    """Tell a slip in what was typed: what is wrong, what is nearest to it, and where to read on."""
    where = error.ctx.command_path if error.ctx is not None else "comity"
    nearest = getattr(error, "possibilities", None)  # the nearest first
    whole = f"{error.message} Did you mean '{nearest[0]}'?" if nearest else error.format_message()
    said = " ".join(whole.split()).rstrip(".")
    joint = "" if said.endswith("?") else "."
    return BadInput(f"{said}{joint} See {where} --help")
