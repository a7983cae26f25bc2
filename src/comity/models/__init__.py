"""What we remember: tables, constraints, migrations beside."""

from comity.models.access import AccessChange, ApiToken
from comity.models.agreements import Agreement, AgreementEvent, AgreementText
from comity.models.blind import BlindMatch
from comity.models.calendars import CalendarFeed
from comity.models.capacity_results import CapacityResult, NamedComparison
from comity.models.claims import CheckedDocument, ClaimDecision, FoundClaim
from comity.models.collections import Collection, Credential, Right, Submission
from comity.models.consents import Consent, ConsentQuestion, SingledOut
from comity.models.contacts import Contact, ContactCheck, ContactVersion
from comity.models.crosswalks import CrosswalkEdition
from comity.models.engagements import Engagement, EngagementLine, EngagementVersion
from comity.models.exercises import (
    Exercise,
    ExerciseAccount,
    ExerciseEvent,
    ExerciseFinding,
    ExercisePut,
    ExerciseRuling,
    ExerciseScore,
)
from comity.models.feeds import PartnerView, ViewRun
from comity.models.frameworks import FrameworkEdition
from comity.models.instruments import Action, Fact, Implementation, Instrument, Provision, Spell, Tally, Terms
from comity.models.ledgers import Checkpoint, LedgerEntry, Log
from comity.models.letters import Letter, Mailing, Told
from comity.models.messages import Awaited, Message, PartnerKey
from comity.models.nodes import Node
from comity.models.objects import Batch, BatchRun, Entry, Handling, Need, StoredVersion, Target, of_types
from comity.models.parties import Membership, Party
from comity.models.peers import Line, Parcel, Peer, Run, Snag
from comity.models.recalls import Holder, Recall, Tombstone
from comity.models.review_answers import AnswerCount, AnswerOffer, MemberProgress, OfferSettlement, ReviewAnswer
from comity.models.review_evidence import EvidenceRevision, EvidenceUse, ReviewEvidence
from comity.models.review_rounds import ReviewDissent, ReviewRound, ReviewRuling, RoundOutcome
from comity.models.reviews import (
    Review,
    ReviewCluster,
    ReviewClusterVersion,
    ReviewMember,
    ReviewMemberVersion,
    ReviewMove,
    ReviewNote,
    ReviewSession,
    ReviewVersion,
)
from comity.models.roadmaps import (
    CapacityPlan,
    HelpRequest,
    MeasureEntry,
    PlanOffer,
    PlanVersion,
    Practice,
    RoadmapRun,
)
from comity.models.segments import LooseBody, Segment, SegmentBytes
from comity.models.sources import Source
from comity.models.triggers import install as install_triggers
from comity.models.undertakings import Undertaking, UndertakingEntry
from comity.models.witnessing import Contradiction, Cosignature, SeenHead

__all__ = [
    "AccessChange",
    "Action",
    "Agreement",
    "AgreementEvent",
    "AgreementText",
    "AnswerCount",
    "AnswerOffer",
    "ApiToken",
    "Awaited",
    "Batch",
    "BatchRun",
    "BlindMatch",
    "CalendarFeed",
    "CapacityPlan",
    "CapacityResult",
    "CheckedDocument",
    "Checkpoint",
    "ClaimDecision",
    "Collection",
    "Consent",
    "ConsentQuestion",
    "Contact",
    "ContactCheck",
    "ContactVersion",
    "Contradiction",
    "Cosignature",
    "Credential",
    "CrosswalkEdition",
    "Engagement",
    "EngagementLine",
    "EngagementVersion",
    "Entry",
    "EvidenceRevision",
    "EvidenceUse",
    "Exercise",
    "ExerciseAccount",
    "ExerciseEvent",
    "ExerciseFinding",
    "ExercisePut",
    "ExerciseRuling",
    "ExerciseScore",
    "Fact",
    "FoundClaim",
    "FrameworkEdition",
    "Handling",
    "HelpRequest",
    "Holder",
    "Implementation",
    "Instrument",
    "LedgerEntry",
    "Letter",
    "Line",
    "Log",
    "LooseBody",
    "Mailing",
    "MeasureEntry",
    "MemberProgress",
    "Membership",
    "Message",
    "NamedComparison",
    "Need",
    "Node",
    "OfferSettlement",
    "Parcel",
    "PartnerKey",
    "PartnerView",
    "Party",
    "Peer",
    "PlanOffer",
    "PlanVersion",
    "Practice",
    "Provision",
    "Recall",
    "Review",
    "ReviewAnswer",
    "ReviewCluster",
    "ReviewClusterVersion",
    "ReviewDissent",
    "ReviewEvidence",
    "ReviewMember",
    "ReviewMemberVersion",
    "ReviewMove",
    "ReviewNote",
    "ReviewRound",
    "ReviewRuling",
    "ReviewSession",
    "ReviewVersion",
    "Right",
    "RoadmapRun",
    "RoundOutcome",
    "Run",
    "SeenHead",
    "Segment",
    "SegmentBytes",
    "SingledOut",
    "Snag",
    "Source",
    "Spell",
    "StoredVersion",
    "Submission",
    "Tally",
    "Target",
    "Terms",
    "Told",
    "Tombstone",
    "Undertaking",
    "UndertakingEntry",
    "ViewRun",
    "install_triggers",
    "of_types",
]
