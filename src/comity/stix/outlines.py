"""What a type of the JSON library leaves to judge in objects, and where in them the house finds what it needs to know.

The standard's tables are the one source. `ground` writes a kind's table as types, as far as types stand for its checks;
an outline says what of the table is left for those properties that a type was written of (`forms`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import le, lt
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.exercises import LABELS, MESSAGE
from comity.stix.faults import Check, Members, Rule
from comity.stix.native import form_of, listed, member_of, type_for, wanted_of_each
from comity.stix.properties import Kind
from comity.stix.references import REQUIRED, AnyOf, EachOf
from comity.stix.rules import concern
from comity.stix.texts import Named, Texts, texts_of
from comity.stix.timestamps import timestamp, version_timestamp

Columns = Sequence[Sequence[Any]]
"""Of each property what it is in each of some objects; UNSET where it is not there."""

WHOLE: Final = Annotated[int, msgspec.Meta(ge=-LARGEST_WHOLE, le=LARGEST_WHOLE)]
"""A whole number that RFC 8785 writes as the library does."""


def _holding(inner: Any) -> Any:  # noqa: ANN401 - a type of any form that typing allows
    """Return the type of a value, or of a list or dictionary of such as are inside."""
    return str | bool | WHOLE | list[inner] | dict[str, inner]


PLAIN: Final = _holding(_holding(_holding(_holding(str | bool | WHOLE))))
"""A value that RFC 8785 writes as the library does where names in it are ASCII; deeper ones are left to the checks."""
_MARKS: Final = "object_marking_refs"
_RELATION: Final = "relationship_type"
_SHORTEST: Final = {id(timestamp): len("2026-01-01T00:00:00Z"), id(version_timestamp): len("2026-01-01T00:00:00.000Z")}


class Part:
    """Some members of objects."""

    def __init__(self, places: Mapping[str, int]) -> None:
        """Take these names, each at its place."""
        self._names, self._places = tuple(places), tuple(places.values())

    def __call__(self, columns: Columns) -> Iterator[Members]:
        """Yield the members of each object, as far as they are there."""
        if not self._places:
            return ({} for _ in columns[0])
        rows = zip(*[columns[place] for place in self._places], strict=True)
        pairs = (zip(self._names, row, strict=True) for row in rows)
        return ({name: value for name, value in each if value is not UNSET} for each in pairs)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a kind's table comes to: the type of each property, and what the types do not say.

    `times` are timestamps, each with the least length it has, the greatest first, `single` are texts of one form and
    `several` lists of such, `wanted` are lists of whose members each has one of some properties, and `checked` are
    judged by their checks alone.
    """

    kind: Kind
    types: Mapping[str, Any]
    times: Mapping[str, int]
    single: Mapping[str, Texts]
    several: Mapping[str, Texts]
    wanted: Mapping[str, frozenset[str]]
    checked: Mapping[str, Check]


def ground(kind: Kind) -> Ground:
    """Write a kind's table as types."""
    types: dict[str, Any] = {"type": Literal[kind.type], "id": str, "spec_version": Literal["2.1"]}
    least = {name: _SHORTEST[id(check)] for name, check in kind.properties.items() if id(check) in _SHORTEST}
    times = dict(sorted(least.items(), key=lambda one: -one[1]))
    types |= dict.fromkeys(times, str)
    types |= {name: standing for name, check in kind.properties.items()
              if name not in types and (standing := type_for(check)) is not None}  # fmt: skip
    single = {name: texts_of(form) for name, standing in types.items() if (form := form_of(standing))}
    several = {name: texts_of(form) for name, standing in types.items() if (form := form_of(member_of(standing)))}
    checked = {name: check for name, check in kind.properties.items() if name not in types}
    wanted = {name: some for name, check in kind.properties.items() if (some := wanted_of_each(check))}
    types |= dict.fromkeys(single, str) | dict.fromkeys(several, listed(str)) | dict.fromkeys(checked, PLAIN)
    if _MARKS in types:
        types[_MARKS] = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    return Ground(kind, types, times, single, several, wanted, checked)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What is left to judge in objects that a type took; numbers are places among its properties.

    - `own` is the id, which is one of `ids`; `optional` are properties that an object may lack, `sparse` those
      of them that are judged where they are there.
    - `times` are timestamps, each with the least length it has, and `orders` pairs of them, of which the first is to be
      before the second (or: may be no later). `moments` are those that say the version, if any is there.
    - `alone` are references without which the object cannot be, `others` other single references, `lists` lists of
      references, `marks` those to markings, `named` are other texts of a form.
    - `likely` are, by their names, other single references, and `likely_lists` lists of them. Any other text
      may be an id: `texts` are single, `words` are lists of them, `flat` lists of values that have some: where those
      stand, and how many of the first are those of which one is to be there. `deep` has to be looked through.
    - `checked` are judged by their checks, and `rules` read what they look at.
    - `requires` reads what the object cannot do without, where that is not `alone`. `relation` is what two ends have to
      do with each other, with the ends. `exercise` reads what may say that the object is of one. `beyond` and `custom`
      say what is beyond the standard: the type, and properties.
    """

    type: str
    contributing: tuple[str, ...]
    optional: frozenset[int]
    sparse: tuple[int, ...]
    own: int
    ids: Named
    times: tuple[tuple[int, int], ...]
    orders: tuple[tuple[int, int, Callable[[Any, Any], bool]], ...]
    moments: tuple[int, ...]
    alone: tuple[tuple[int, Texts], ...]
    others: tuple[tuple[int, Texts], ...]
    lists: tuple[tuple[int, Texts], ...]
    marks: tuple[int, Texts] | None
    named: tuple[tuple[int, Texts], ...]
    likely: tuple[int, ...]
    likely_lists: tuple[int, ...]
    texts: tuple[int, ...]
    words: tuple[int, ...]
    flat: tuple[tuple[int, tuple[int, ...], int], ...]
    deep: tuple[int, ...]
    checked: tuple[tuple[int, Check], ...]
    rules: tuple[tuple[Part, Rule], ...]
    requires: tuple[Part, AnyOf] | None
    created: int | None
    revoked: int | None
    relation: tuple[int, Part] | None
    exercise: Part | None
    beyond: tuple[str, ...]
    custom: tuple[tuple[int, str], ...]


def outline(known: Ground, types: Mapping[str, Any], optional: Collection[str]) -> Outline:
    """Work out what a type leaves to judge: *types* are those of its properties, in its order."""
    kind, places = known.kind, {name: place for place, name in enumerate(types)}
    reader = REQUIRED.get(kind.type)
    alone = reader.names if isinstance(reader, EachOf) else ()
    ids = {name: texts for name, texts in known.single.items() if texts.are_ids and name not in alone}
    formed = known.times.keys() | known.single.keys() | known.several.keys() | {"id"}
    free = {name: standing for name, standing in types.items() if name not in formed}
    custom = [name for name in free if name not in kind.properties]
    inside = {name: item for name, standing in free.items() if (item := member_of(standing)) is not None}
    likely = [name for name in custom if name.endswith(("_ref", "_refs"))]

    def placed(names: Iterable[str]) -> tuple[int, ...]:
        return tuple([places[name] for name in names if name in places])

    def beside(table: Mapping[str, Any], *but: str) -> tuple[tuple[int, Any], ...]:
        return tuple([(places[name], what) for name, what in table.items() if name in places and name not in but])

    def part(*names: str) -> Part:
        return Part({name: places[name] for name in names if name in places})

    rules = [(rule, told) for rule in kind.rules if (told := concern(rule)).needs <= places.keys()]
    return Outline(
        type=kind.type,
        contributing=kind.contributing,
        optional=frozenset(placed(optional)),
        sparse=placed(name for name in optional if free.get(name) not in {str, bool, WHOLE}),
        own=places["id"],
        ids=Named(kind.type),
        times=beside(known.times),
        orders=tuple((places[told.reads[0]], places[told.reads[1]], lt if told.strictly else le)
                     for _, told in rules if told.strictly is not None),
        moments=placed(("modified", "created")),
        alone=beside({name: known.single[name] for name in alone}),
        others=beside(ids),
        lists=beside(known.several, _MARKS),
        marks=(places[_MARKS], known.several[_MARKS]) if _MARKS in places else None,
        named=beside(known.single, *ids, *alone),
        likely=placed(name for name in likely if types[name] is str),
        likely_lists=placed(name for name in likely if inside.get(name) is str),
        texts=placed(name for name, standing in free.items() if standing is str and name not in likely),
        words=placed(name for name, item in inside.items() if item is str and name not in likely),
        flat=tuple((places[name], *_texts_in(item, known.wanted.get(name, ())))
                   for name, item in inside.items() if isinstance(item, type) and issubclass(item, msgspec.Struct)),
        deep=placed(name for name in free if name in known.checked or (
            name in custom and name not in inside and types[name] not in {str, bool, WHOLE})),
        checked=beside(known.checked),
        rules=tuple((part(*(told.reads or places)), rule) for rule, told in rules if told.strictly is None),
        requires=(part(*reader.names, reader.unless), reader) if isinstance(reader, AnyOf) else None,
        created=places.get("created"),
        revoked=places.get("revoked"),
        relation=(places[_RELATION], part("type", _RELATION, *alone)) if _RELATION in known.single else None,
        exercise=part("type", LABELS, "says") if LABELS in places or kind.type == MESSAGE else None,
        beyond=() if kind.known else (f"type {kind.type}",),
        custom=tuple((places[name], f"property {name}") for name in custom),
    )  # fmt: skip


def _texts_in(item: type[msgspec.Struct], wanted: Collection[str]) -> tuple[tuple[int, ...], int]:
    """Return where the texts of a value stand, first those of which one is to be there, and how many those are."""
    names = [one.name for one in msgspec.structs.fields(item) if one.type in {str, str | UnsetType}]
    names.sort(key=lambda name: (name in wanted, name), reverse=True)
    return tuple(map(item.__struct_fields__.index, names)), len(wanted)
