"""What a party may do with an instrument: one table of legal moves for each kind of bond.

The table judges what is recorded, draws its own diagram (`participation_diagram`), and the constraints of the store
are made from it. Words follow the Vienna Convention on the Law of Treaties (VCLT) where it has them.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class InstrumentKind(enum.StrEnum):
    """What an instrument is, by its own name."""

    TREATY = "treaty"
    CONVENTION = "convention"
    PROTOCOL = "protocol"
    AGREEMENT = "agreement"
    MEMORANDUM = "memorandum of understanding"
    RESOLUTION = "resolution"
    DECLARATION = "declaration"
    PLEDGE = "pledge"
    NORMS = "norm set"
    MEASURES = "confidence-building measures"
    INITIATIVE = "initiative"
    NETWORK = "network"
    PLAN = "plan"
    PROCESS = "process"
    MECHANISM = "mechanism"
    EXPERT_GROUP = "expert group"
    MODEL = "assessment model"
    INDEX = "index"
    STUDY = "study"


class Bond(enum.StrEnum):
    """How an instrument holds those who take it up.

    * `treaty`: binds by international law those who expressed consent, once it is in force (VCLT art. 2(1)(a), 26).
    * `arrangement`: signed and applied from signature, political unless its own words say more.
    * `adopted`: adopted by an organ; covers the members of the body whose organ it is.
    * `commitment`: political; held by those who endorse or join it.
    * `none`: an expert group, a model, an index: nobody can sign it, one can only take part.
    """

    TREATY = "treaty"
    ARRANGEMENT = "arrangement"
    ADOPTED = "adopted"
    COMMITMENT = "commitment"
    NONE = "none"


class Stand(enum.StrEnum):
    """How a party may stand to an instrument. `nothing` says that nothing confirmed is recorded, never “no”."""

    NOTHING = "nothing recorded"
    COVERED = "covered as a member"
    INVITED = "invited to accede"
    SIGNATORY = "signatory"
    CONTRACTING = "consent given, not yet in force"
    PROVISIONAL = "provisionally applied"
    PARTY = "in force"
    SUSPENDED = "suspended"
    SUPPORTER = "supports it"
    PARTICIPANT = "took part"
    LEFT = "left"


BOUND: Final = frozenset({Stand.PROVISIONAL, Stand.PARTY})
"""The stands in which an instrument holds a party to its words today."""


class ActionKind(enum.StrEnum):
    """What may be done with or happen to an instrument. `effective_on` is the day on which it takes effect.

    Consent to be bound (VCLT art. 11 to 15) is expressed on the day of deposit; when it brings the instrument into
    force for that party follows from the instrument's terms. A denunciation is dated by its receipt; when it ends the
    bond follows from the terms as well. `withdrawal` is dated by the first day on which the party is no longer bound.
    """

    ADOPTION = "adoption"
    OPENING = "opening for signature"
    CLOSING = "close of signature"
    ENTRY_INTO_FORCE = "entry into force"
    TERMINATION = "termination"
    AMENDMENT = "amendment"
    INVITATION = "invitation to accede"
    SIGNATURE = "signature"
    DEFINITIVE_SIGNATURE = "definitive signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    PROVISIONAL_APPLICATION = "provisional application"
    RESERVATION = "reservation"
    WITHDRAWAL_OF_RESERVATION = "withdrawal of reservation"
    DECLARATION = "declaration"
    OBJECTION = "objection"
    SUSPENSION = "suspension"
    END_OF_SUSPENSION = "end of suspension"
    DENUNCIATION = "denunciation"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_OF_SIGNATURE = "withdrawal of signature"
    ENDORSEMENT = "endorsement"
    JOINING = "joining"
    DISSOCIATION = "dissociation"
    PARTICIPATION = "participation"


class Status(enum.StrEnum):
    """What the sources make of a record. Only `confirmed` ones count; all are shown. `not found` is never “no”."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"
    RETRACTED = "retracted"
    """Recorded by mistake: it takes back the record that it supersedes, and says nothing of its own."""


class Precision(enum.StrEnum):
    """How exactly a day is known. The day stored is always the last one on which it can have been."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    BY = "by"


BOND_OF: Final[Mapping[InstrumentKind, Bond]] = MappingProxyType(
    {
        InstrumentKind.TREATY: Bond.TREATY,
        InstrumentKind.CONVENTION: Bond.TREATY,
        InstrumentKind.PROTOCOL: Bond.TREATY,
        InstrumentKind.AGREEMENT: Bond.TREATY,
        InstrumentKind.MEMORANDUM: Bond.ARRANGEMENT,
        InstrumentKind.RESOLUTION: Bond.ADOPTED,
        InstrumentKind.NORMS: Bond.ADOPTED,
        InstrumentKind.MEASURES: Bond.ADOPTED,
        InstrumentKind.PLAN: Bond.ADOPTED,
        InstrumentKind.PROCESS: Bond.ADOPTED,
        InstrumentKind.MECHANISM: Bond.ADOPTED,
        InstrumentKind.DECLARATION: Bond.COMMITMENT,
        InstrumentKind.PLEDGE: Bond.COMMITMENT,
        InstrumentKind.INITIATIVE: Bond.COMMITMENT,
        InstrumentKind.NETWORK: Bond.COMMITMENT,
        InstrumentKind.EXPERT_GROUP: Bond.NONE,
        InstrumentKind.MODEL: Bond.NONE,
        InstrumentKind.INDEX: Bond.NONE,
        InstrumentKind.STUDY: Bond.NONE,
    }
)

OF_ALL: Final = frozenset({ActionKind.ADOPTION, ActionKind.OPENING, ActionKind.CLOSING, ActionKind.AMENDMENT,
                           ActionKind.ENTRY_INTO_FORCE, ActionKind.TERMINATION})  # fmt: skip
"""What happens to an instrument as a whole, and so may name no party."""

ONLY_OF_ALL: Final = OF_ALL - {ActionKind.ENTRY_INTO_FORCE}
"""What never is one party's act."""

CONSENT: Final = frozenset({ActionKind.DEFINITIVE_SIGNATURE, ActionKind.RATIFICATION, ActionKind.ACCEPTANCE,
                            ActionKind.APPROVAL, ActionKind.ACCESSION})  # fmt: skip
"""Expressions of consent to be bound that count towards entry into force (VCLT art. 11, 24)."""

_A, _S = ActionKind, Stand
Moves = Mapping[Stand, Mapping[ActionKind, Stand]]


def _consent(to: Stand, *kinds: ActionKind) -> dict[ActionKind, Stand]:
    return dict.fromkeys(kinds or (_A.RATIFICATION, _A.ACCEPTANCE, _A.APPROVAL), to)


def _words(stand: Stand) -> dict[ActionKind, Stand]:
    return dict.fromkeys((_A.RESERVATION, _A.WITHDRAWAL_OF_RESERVATION, _A.DECLARATION, _A.OBJECTION), stand)


_JOINS: Final = {
    _A.SIGNATURE: _S.SIGNATORY, _A.DEFINITIVE_SIGNATURE: _S.CONTRACTING, _A.ACCESSION: _S.CONTRACTING,
    _A.SUCCESSION: _S.PARTY, _A.ENTRY_INTO_FORCE: _S.PARTY, **_consent(_S.CONTRACTING),
}  # fmt: skip

_TREATY: Final[Moves] = {
    _S.NOTHING: {**_JOINS, _A.INVITATION: _S.INVITED, _A.PROVISIONAL_APPLICATION: _S.PROVISIONAL,
                 _A.DECLARATION: _S.NOTHING},
    _S.INVITED: {**_JOINS, _A.INVITATION: _S.INVITED},
    _S.SIGNATORY: {**_consent(_S.CONTRACTING), _A.ENTRY_INTO_FORCE: _S.PARTY, **_words(_S.SIGNATORY),
                   _A.PROVISIONAL_APPLICATION: _S.PROVISIONAL, _A.WITHDRAWAL_OF_SIGNATURE: _S.NOTHING},
    _S.CONTRACTING: {_A.ENTRY_INTO_FORCE: _S.PARTY, _A.PROVISIONAL_APPLICATION: _S.PROVISIONAL,
                     **_words(_S.CONTRACTING), _A.DENUNCIATION: _S.CONTRACTING, _A.WITHDRAWAL: _S.LEFT},
    _S.PROVISIONAL: {**_consent(_S.PROVISIONAL), _A.ACCESSION: _S.PROVISIONAL, _A.SIGNATURE: _S.PROVISIONAL,
                     _A.ENTRY_INTO_FORCE: _S.PARTY, **_words(_S.PROVISIONAL), _A.WITHDRAWAL: _S.LEFT},
    _S.PARTY: {**_words(_S.PARTY), _A.SUSPENSION: _S.SUSPENDED, _A.DENUNCIATION: _S.PARTY, _A.WITHDRAWAL: _S.LEFT},
    _S.SUSPENDED: {_A.END_OF_SUSPENSION: _S.PARTY, _A.DECLARATION: _S.SUSPENDED, _A.DENUNCIATION: _S.SUSPENDED,
                   _A.WITHDRAWAL: _S.LEFT},
    _S.LEFT: {**_JOINS, _A.INVITATION: _S.INVITED},
}  # fmt: skip

_ARRANGEMENT: Final[Moves] = {
    _S.NOTHING: {_A.SIGNATURE: _S.PARTY, _A.JOINING: _S.PARTY, _A.ENTRY_INTO_FORCE: _S.PARTY},
    _S.PARTY: {_A.ENTRY_INTO_FORCE: _S.PARTY, _A.DECLARATION: _S.PARTY, _A.SUSPENSION: _S.SUSPENDED,
               _A.WITHDRAWAL: _S.LEFT},
    _S.SUSPENDED: {_A.END_OF_SUSPENSION: _S.PARTY, _A.WITHDRAWAL: _S.LEFT},
    _S.LEFT: {_A.SIGNATURE: _S.PARTY, _A.JOINING: _S.PARTY},
}  # fmt: skip

_TAKES_UP: Final = {_A.ENDORSEMENT: _S.SUPPORTER, _A.JOINING: _S.SUPPORTER}

_ADOPTED: Final[Moves] = {
    _S.NOTHING: {**_TAKES_UP, _A.PARTICIPATION: _S.NOTHING, _A.DECLARATION: _S.NOTHING},
    _S.COVERED: {**_TAKES_UP, _A.PARTICIPATION: _S.COVERED, _A.DECLARATION: _S.COVERED, _A.DISSOCIATION: _S.LEFT},
    _S.SUPPORTER: {_A.PARTICIPATION: _S.SUPPORTER, _A.DECLARATION: _S.SUPPORTER, _A.DISSOCIATION: _S.LEFT,
                   _A.WITHDRAWAL: _S.LEFT},
    _S.LEFT: _TAKES_UP,
}  # fmt: skip

_COMMITMENT: Final[Moves] = {
    _S.NOTHING: {**_TAKES_UP, _A.SIGNATURE: _S.SUPPORTER, _A.PARTICIPATION: _S.NOTHING},
    _S.COVERED: {**_TAKES_UP, _A.SIGNATURE: _S.SUPPORTER, _A.PARTICIPATION: _S.COVERED, _A.DISSOCIATION: _S.LEFT},
    _S.SUPPORTER: {_A.SIGNATURE: _S.SUPPORTER, _A.PARTICIPATION: _S.SUPPORTER, _A.DECLARATION: _S.SUPPORTER,
                   _A.SUSPENSION: _S.SUSPENDED, _A.WITHDRAWAL: _S.LEFT, _A.DISSOCIATION: _S.LEFT},
    _S.SUSPENDED: {_A.END_OF_SUSPENSION: _S.SUPPORTER, _A.WITHDRAWAL: _S.LEFT},
    _S.LEFT: {**_TAKES_UP, _A.SIGNATURE: _S.SUPPORTER},
}  # fmt: skip

_NONE: Final[Moves] = {
    _S.NOTHING: {_A.PARTICIPATION: _S.PARTICIPANT},
    _S.PARTICIPANT: {_A.PARTICIPATION: _S.PARTICIPANT},
}

MOVES: Final[Mapping[Bond, Moves]] = MappingProxyType(
    {
        Bond.TREATY: _TREATY,
        Bond.ARRANGEMENT: _ARRANGEMENT,
        Bond.ADOPTED: _ADOPTED,
        Bond.COMMITMENT: _COMMITMENT,
        Bond.NONE: _NONE,
    }
)
"""Bond → stand → action → the stand it leads to. What is not in it cannot be done."""


def legal_kinds(bond: Bond) -> tuple[ActionKind, ...]:
    """Give every action that any party may ever take under this kind of bond, in the order of the vocabulary."""
    of_parties = {kind for moves in MOVES[bond].values() for kind in moves}
    whole = OF_ALL if bond is not Bond.NONE else {ActionKind.ADOPTION, ActionKind.AMENDMENT}
    return tuple(kind for kind in ActionKind if kind in of_parties or kind in whole)


def after(bond: Bond, stand: Stand, kind: ActionKind) -> Stand | None:
    """Give the stand that an action leads to, None where it cannot be taken from there."""
    return MOVES[bond].get(stand, {}).get(kind)
