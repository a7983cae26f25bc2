"""The words of the register: what a standing, an action or a status is called where a reader sees it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.policy.participation import ActionKind, Bond, InstrumentKind, Stand, Status

STANDS: Final[dict[Stand, Promise]] = {
    Stand.NOTHING: _("nothing recorded"),
    Stand.COVERED: _("covered as a member"),
    Stand.INVITED: _("invited to accede"),
    Stand.SIGNATORY: _("signatory"),
    Stand.CONTRACTING: _("consent given, not yet in force"),
    Stand.PROVISIONAL: _("provisionally applied"),
    Stand.PARTY: _("in force"),
    Stand.SUSPENDED: _("suspended"),
    Stand.SUPPORTER: _("supports it"),
    Stand.PARTICIPANT: _("took part"),
    Stand.LEFT: _("left"),
}
STATUSES: Final[dict[Status, Promise]] = {
    Status.CONFIRMED: _("confirmed"),
    Status.CLAIMED: _("claimed"),
    Status.CONTRADICTED: _("contradicted"),
    Status.NOT_FOUND: _("not found"),
    Status.RETRACTED: _("retracted"),
}
STATUS_STYLES: Final[dict[Status, str]] = {
    Status.CONFIRMED: "verdict released",
    Status.CLAIMED: "verdict ask",
    Status.CONTRADICTED: "verdict withheld",
    Status.NOT_FOUND: "state not-in-force",
    Status.RETRACTED: "tag",
}
ACTIONS: Final[dict[ActionKind, Promise]] = {
    ActionKind.ADOPTION: _("adoption"),
    ActionKind.OPENING: _("opening for signature"),
    ActionKind.CLOSING: _("close of signature"),
    ActionKind.ENTRY_INTO_FORCE: _("entry into force"),
    ActionKind.TERMINATION: _("termination"),
    ActionKind.AMENDMENT: _("amendment"),
    ActionKind.INVITATION: _("invitation to accede"),
    ActionKind.SIGNATURE: _("signature"),
    ActionKind.DEFINITIVE_SIGNATURE: _("definitive signature"),
    ActionKind.RATIFICATION: _("ratification"),
    ActionKind.ACCEPTANCE: _("acceptance"),
    ActionKind.APPROVAL: _("approval"),
    ActionKind.ACCESSION: _("accession"),
    ActionKind.SUCCESSION: _("succession"),
    ActionKind.PROVISIONAL_APPLICATION: _("provisional application"),
    ActionKind.RESERVATION: _("reservation"),
    ActionKind.WITHDRAWAL_OF_RESERVATION: _("withdrawal of a reservation"),
    ActionKind.DECLARATION: _("declaration"),
    ActionKind.OBJECTION: _("objection"),
    ActionKind.SUSPENSION: _("suspension"),
    ActionKind.END_OF_SUSPENSION: _("end of a suspension"),
    ActionKind.DENUNCIATION: _("denunciation"),
    ActionKind.WITHDRAWAL: _("withdrawal"),
    ActionKind.WITHDRAWAL_OF_SIGNATURE: _("withdrawal of a signature"),
    ActionKind.ENDORSEMENT: _("endorsement"),
    ActionKind.JOINING: _("joining"),
    ActionKind.DISSOCIATION: _("dissociation"),
    ActionKind.PARTICIPATION: _("participation"),
}
KINDS: Final[dict[InstrumentKind, Promise]] = {
    InstrumentKind.TREATY: _("treaty"),
    InstrumentKind.CONVENTION: _("convention"),
    InstrumentKind.PROTOCOL: _("protocol"),
    InstrumentKind.AGREEMENT: _("agreement"),
    InstrumentKind.MEMORANDUM: _("memorandum of understanding"),
    InstrumentKind.RESOLUTION: _("resolution"),
    InstrumentKind.DECLARATION: _("declaration"),
    InstrumentKind.PLEDGE: _("pledge"),
    InstrumentKind.NORMS: _("norm set"),
    InstrumentKind.MEASURES: _("confidence-building measures"),
    InstrumentKind.INITIATIVE: _("initiative"),
    InstrumentKind.NETWORK: _("network"),
    InstrumentKind.PLAN: _("plan"),
    InstrumentKind.PROCESS: _("process"),
    InstrumentKind.MECHANISM: _("mechanism"),
    InstrumentKind.EXPERT_GROUP: _("expert group"),
    InstrumentKind.MODEL: _("assessment model"),
    InstrumentKind.INDEX: _("index"),
    InstrumentKind.STUDY: _("study"),
}
BONDS: Final[dict[Bond, Promise]] = {
    Bond.TREATY: _("binds its parties by international law once in force"),
    Bond.ARRANGEMENT: _("held by those who signed it; political unless its words say more"),
    Bond.ADOPTED: _("adopted by a body, and covers its members; political"),
    Bond.COMMITMENT: _("political, held by those who endorse or join it"),
    Bond.NONE: _("nothing that anybody can sign; one can take part"),
}
BINDS: Final[dict[Bond, Promise]] = {
    Bond.TREATY: _("yes"),
    Bond.ARRANGEMENT: _("by its own words"),
    Bond.ADOPTED: _("no"),
    Bond.COMMITMENT: _("no"),
    Bond.NONE: _("nothing to bind"),
}
_STYLES: Final = {
    Stand.NOTHING: "not-in-force", Stand.COVERED: "covered", Stand.INVITED: "invited", Stand.SIGNATORY: "signatory",
    Stand.CONTRACTING: "contracting", Stand.PROVISIONAL: "provisional", Stand.PARTY: "in-force",
    Stand.SUSPENDED: "suspended", Stand.SUPPORTER: "supporter", Stand.PARTICIPANT: "participant",
    Stand.LEFT: "ended",
}  # fmt: skip


def style(stand: Stand) -> str:
    """Give the style class of a standing, for its word and for its shape on the map."""
    return _STYLES[stand]


def status(value: str) -> tuple[Promise, str]:
    """Give a status's word and its style class."""
    return STATUSES[Status(value)], STATUS_STYLES[Status(value)]
