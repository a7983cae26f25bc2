"""Nouns that say what a thing is: those that stand for one named before, and those that end a name."""

from typing import Final

from comity.claims.register import Nature

NOUN_NATURES: Final = {
    "convention": (Nature.TREATY,),
    **dict.fromkeys(
        ("treaty", "pact", "accord", "instrument", "charter", "covenant"),
        (Nature.TREATY, Nature.PROTOCOL, Nature.AGREEMENT),
    ),
    "protocol": (Nature.PROTOCOL,),
    **dict.fromkeys(
        ("agreement", "deal", "arrangement", "memorandum", "mou", "understanding", "partnership"),
        (Nature.AGREEMENT, Nature.TREATY),
    ),
    **dict.fromkeys(("declaration", "pledge", "call", "statement", "commitment"), (Nature.DECLARATION, Nature.PLEDGE)),
    **dict.fromkeys(("norms", "framework"), (Nature.NORMS, Nature.MODEL, Nature.MEASURES)),
    **dict.fromkeys(
        ("model", "program", "programme", "tool", "methodology", "assessment", "review"), (Nature.MODEL, Nature.INDEX)
    ),
    **dict.fromkeys(("index", "ranking"), (Nature.INDEX,)),
    **dict.fromkeys(
        ("forum", "symposium", "conference", "summit", "workshop", "event", "exercise", "meeting", "seminar"),
        (Nature.EVENT,),
    ),
    **dict.fromkeys(("group", "committee"), (Nature.EXPERT_GROUP, Nature.PROCESS, Nature.BODY)),
    **dict.fromkeys(
        ("initiative", "alliance", "coalition", "network", "body", "organisation", "organization"),
        (Nature.INITIATIVE, Nature.BODY),
    ),
    **dict.fromkeys(("strategy", "policy", "plan"), (Nature.STRATEGY, Nature.PLAN)),
    **dict.fromkeys(("law", "act", "legislation", "bill"), (Nature.LAW,)),
    "manual": (Nature.MANUAL,),
}
NAMED_NATURES: Final = {
    **dict.fromkeys(("convention", "treaty", "charter", "covenant", "statute", "compact"), Nature.TREATY),
    "protocol": Nature.PROTOCOL,
    **dict.fromkeys(("agreement", "accord", "pact", "mou", "memorandum", "arrangement"), Nature.AGREEMENT),
    **dict.fromkeys(("declaration", "communiqué", "communique"), Nature.DECLARATION),
    **dict.fromkeys(("call", "pledge", "commitment", "commitments", "principles"), Nature.PLEDGE),
    **dict.fromkeys(
        (
            "forum",
            "conference",
            "symposium",
            "summit",
            "workshop",
            "week",
            "dialogue",
            "exercise",
            "congress",
            "meeting",
            "seminar",
            "bootcamp",
            "roundtable",
            "fellowship",
            "drill",
            "colloquium",
            "cyberdrill",
        ),
        Nature.EVENT,
    ),
    **dict.fromkeys(("alliance", "coalition", "partnership", "network", "initiative"), Nature.INITIATIVE),
    **dict.fromkeys(
        ("council", "centre", "center", "organisation", "organization", "association", "agency", "committee"),
        Nature.BODY,
    ),
    **dict.fromkeys(("model", "framework", "toolkit", "methodology", "tool"), Nature.MODEL),
    "index": Nature.INDEX,
    "manual": Nature.MANUAL,
    **dict.fromkeys(("strategy", "policy"), Nature.STRATEGY),
    **dict.fromkeys(("plan", "roadmap"), Nature.PLAN),
    **dict.fromkeys(
        ("act", "law", "bill", "decree", "ordinance", "code", "legislation", "regulation", "regulations"), Nature.LAW
    ),
}
