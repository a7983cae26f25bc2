"""What we remember: tables, constraints, migrations beside."""

from comity.models.access import AccessChange
from comity.models.agreements import Agreement, AgreementEvent, Consent
from comity.models.collections import Collection, Credential, Right, Submission
from comity.models.feeds import PartnerView, ViewRun
from comity.models.instruments import Action, Fact, Implementation, Instrument, Provision, Spell, Tally, Terms
from comity.models.ledgers import Checkpoint, LedgerEntry, LedgerNode, Log
from comity.models.nodes import Node
from comity.models.objects import Batch, BatchRun, Entry, Handling, Reference, StoredVersion
from comity.models.parties import Membership, Party
from comity.models.sources import Source

__all__ = [
    "AccessChange",
    "Action",
    "Agreement",
    "AgreementEvent",
    "Batch",
    "BatchRun",
    "Checkpoint",
    "Collection",
    "Consent",
    "Credential",
    "Entry",
    "Fact",
    "Handling",
    "Implementation",
    "Instrument",
    "LedgerEntry",
    "LedgerNode",
    "Log",
    "Membership",
    "Node",
    "PartnerView",
    "Party",
    "Provision",
    "Reference",
    "Right",
    "Source",
    "Spell",
    "StoredVersion",
    "Submission",
    "Tally",
    "Terms",
    "ViewRun",
]
