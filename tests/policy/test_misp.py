"""How far what MISP holds may go: against a naive reader of the same event, and of what was made beside its parts."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comity.policy.markings import Tlp
from comity.policy.misp import Limit, Limits, Pap, Telling, is_exercise, limits, spread

ORGS = {"org a": "XA", "org i": "XI", "ours": "BS"}
TOLD = Telling("BS", ORGS, community=frozenset({"XN"}), untagged=Tlp.AMBER, unstated=2)
EVERYBODY = frozenset({"XA", "XI", "XN"})
TAGS = {"tlp:clear": Tlp.CLEAR, "TLP:WHITE": Tlp.CLEAR, "tlp:green": Tlp.GREEN, "tlp:amber": Tlp.AMBER,
        "tlp:amber+strict": Tlp.AMBER_STRICT, "tlp:red": Tlp.RED, "tlp:unclear": Tlp.RED}  # fmt: skip
LEVELS = {None: (Tlp.CLEAR, EVERYBODY), "0": (Tlp.RED, frozenset()), "1": (Tlp.AMBER, frozenset({"XN"})),
          "2": (Tlp.AMBER, EVERYBODY), 3: (Tlp.GREEN, EVERYBODY), "5": (Tlp.CLEAR, EVERYBODY),
          "a": (Tlp.AMBER, frozenset({"XA"})), "b": (Tlp.AMBER, frozenset({"XA", "XI"})),
          "gone": (Tlp.AMBER, frozenset()), "9": (Tlp.RED, frozenset())}  # fmt: skip
MEMBERS = {"a": ["org a", "ours", "a stranger"], "b": ["org a", "org i"]}


def part(level: Any, tags: list[str], uuid: str) -> dict[str, Any]:
    """Make a record: a level of MISP, or the letter of a sharing group."""
    made: dict[str, Any] = {"uuid": uuid, "Tag": [{"name": tag} for tag in tags]}
    if level in (*MEMBERS, "gone"):
        return made | {"distribution": "4", "sharing_group_id": level}
    return made if level is None else made | {"distribution": level}


PARTS = st.tuples(st.sampled_from(list(LEVELS)), st.lists(st.sampled_from([*TAGS, "osint:x", "pap:red"]), max_size=2))


@st.composite
def events(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, list[list[tuple[Any, list[str]]]]]]:
    """Draw an event; give with it, by UUID, the chains of parts of which each one has its say."""
    whole = draw(PARTS)
    event = part(*whole, "event") | {"SharingGroups": [
        {"SharingGroup": {"id": key, "SharingGroupOrg": [{"Organisation": {"name": one}} for one in names]}}
        for key, names in MEMBERS.items()]}  # fmt: skip
    said: dict[str, list[list[tuple[Any, list[str]]]]] = {"event": [[whole]]}
    event["Attribute"] = []
    for number, one in enumerate(draw(st.lists(PARTS, max_size=3))):
        event["Attribute"].append(part(*one, f"a{number}"))
        said[f"a{number}"] = [[whole, one]]
    above, inner = draw(PARTS), draw(st.lists(PARTS, max_size=3))
    event["Object"] = [part(*above, "o") | {"Attribute": [part(*one, f"o{n}") for n, one in enumerate(inner)]}]
    together = [[whole, above], *([whole, above, one] for one in inner)]
    said |= dict.fromkeys(("o", *(f"o{n}" for n in range(len(inner)))), together)
    return event, said


def naive(chain: list[tuple[Any, list[str]]]) -> tuple[Tlp, frozenset[str]]:
    """Read one chain of parts, each as what its level and tags say, the whole's level being 2 where it says none."""
    labels = [TAGS[tag] for _, tags in chain for tag in tags if tag in TAGS]
    levels = [LEVELS["2" if number == 0 and one is None else "0" if (number, one) == (0, "5") else one]
              for number, (one, _) in enumerate(chain)]  # fmt: skip
    least = max(tlp for tlp, _ in levels)
    return max(least, max(labels, default=Tlp.AMBER)), EVERYBODY.intersection(*(circle for _, circle in levels))


@given(events())
def test_each_part_goes_as_far_as_all_that_it_stands_in_allows(
    drawn: tuple[dict[str, Any], dict[str, list[list[tuple[Any, list[str]]]]]],
) -> None:
    event, said = drawn
    found = limits(event, TOLD)
    for uuid, chains in said.items():
        each = [naive(chain) for chain in chains]
        limit = found.parts[uuid]
        within = EVERYBODY if limit.within is None else limit.within
        assert (limit.tlp, within) == (max(tlp for tlp, _ in each), EVERYBODY.intersection(*(c for _, c in each)))


NAMES = ["x--a", "x--b", "x--c", "r--1", "r--2", "r--3"]
GRAPHS = st.dictionaries(st.sampled_from(NAMES[3:]), st.frozensets(st.sampled_from(NAMES), max_size=3))


def reached(one: str, edges: set[frozenset[str]]) -> Iterator[str]:
    """Yield the parts that an object made beside them hangs on: by any way over others that were made."""
    seen, waiting = {one}, [one]
    while waiting:
        here = waiting.pop()
        for other in {name for edge in edges if here in edge for name in edge} - seen:
            seen.add(other)
            if other.startswith("x--"):
                yield other.removeprefix("x--")
            else:
                waiting.append(other)


@given(GRAPHS, st.permutations([frozenset({"XA"}), frozenset({"XA", "XI"}), None]))
def test_what_was_made_beside_goes_no_further_than_any_part_that_it_hangs_on(
    refers: Mapping[str, frozenset[str]], circles: list[frozenset[str] | None]
) -> None:
    parts = {name: Limit(Tlp.GREEN, circle) for name, circle in zip("abc", circles, strict=True)}
    found = Limits(Limit(Tlp.GREEN), dict(parts))
    graph = dict.fromkeys(NAMES[:3], frozenset[str]()) | dict(refers)
    edges = {frozenset({one, other}) for one, others in refers.items() for other in others if other in graph}
    for one, limit in spread(found, graph).items():
        on = [one[3:]] if one.startswith("x--") else list(reached(one, edges)) or list("abc")
        naively = frozenset({"XA", "XI"}).intersection(*(parts[name].within or {"XA", "XI"} for name in on))
        assert (frozenset({"XA", "XI"}) if limit.within is None else limit.within) == naively


def test_what_is_unknown_is_told_and_counts_by_the_narrowest() -> None:
    found = limits({"uuid": "e", "distribution": "4", "sharing_group_id": "8", "Tag": [{"name": "PAP:PINK"}]}, TOLD)
    assert found.whole == Limit(Tlp.AMBER, frozenset(), Pap.RED)
    assert [note.partition(";")[0] for note in found.notes] == [
        "the tag “PAP:PINK” of the event is unknown and counts as PAP:RED",
        "the sharing group of the event is not in the file, so nobody else is in it",
        "it has no TLP tag and is held as TLP:AMBER",
    ]
    group = {"id": "8", "name": "Old", "active": False, "SharingGroupOrg": [{"Organisation": {"name": "Org A"}}]}
    event = {"uuid": "e", "distribution": 4, "SharingGroup": group, "EventTag": [{"Tag": {"name": "tlp:green"}}]}
    assert limits(event, TOLD).whole == Limit(Tlp.AMBER, frozenset())
    assert limits({**event, "SharingGroup": {**group, "active": True}}, TOLD).whole.within == frozenset({"XA"})
    assert is_exercise({"Tag": [{"name": 'exercise:generic="comcheck"'}]})
