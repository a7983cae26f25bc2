"""What we remember: tables, constraints, migrations beside."""

from comity.models.agreements import Agreement, AgreementEvent, Consent
from comity.models.collections import Collection, Credential, Right, Submission
from comity.models.feeds import PartnerView, ViewRun
from comity.models.ledgers import Checkpoint, LedgerEntry, LedgerNode, Log
from comity.models.nodes import Node
from comity.models.objects import Batch, BatchRun, Entry, Handling, Reference, StoredVersion
from comity.models.parties import Party

__all__ = [
    "Agreement",
    "AgreementEvent",
    "Batch",
    "BatchRun",
    "Checkpoint",
    "Collection",
    "Consent",
    "Credential",
    "Entry",
    "Handling",
    "LedgerEntry",
    "LedgerNode",
    "Log",
    "Node",
    "PartnerView",
    "Party",
    "Reference",
    "Right",
    "StoredVersion",
    "Submission",
    "ViewRun",
]
