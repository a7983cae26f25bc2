"""The deprecated container of observables inside observed-data (STIX 2.1 §2.13): local keys and references to them."""

from collections.abc import Iterator

from comity.stix.faults import NONE, Faults, breach, kind_of, within


def container(value: object) -> Faults:
    """Check a container: observables of any version by local key, every reference answered inside it (§2.13)."""
    if type(value) is not dict or not value:
        return breach("2.13", f"This is {kind_of(value)} without observables.", "Use object_refs instead.")
    faults: Faults = NONE
    for key, item in value.items():
        if type(item) is not dict or type(item.get("type")) is not str:
            faults += within(key, breach("2.13", "This is no observable with a type.", "Write an object with a type."))
            continue
        for path, target in _references(item):
            if target not in value:
                says = f"{target!r:.80} is not a key of this container."
                faults += within(key, breach("2.13", says, "Add the observable, or drop the reference.", path))
    return faults


def _references(item: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value of a property named `_ref` or `_refs`, at any depth, with its place."""
    if type(item) is dict:
        for name, value in item.items():
            place = f"{path}.{name}" if path else name
            if name.endswith("_ref"):
                yield place, value if type(value) is str else None
            elif name.endswith("_refs") and type(value) is list:
                for index, target in enumerate(value):
                    yield f"{place}.[{index}]", target if type(target) is str else None
            else:
                yield from _references(value, place)
    elif type(item) is list:
        for index, value in enumerate(item):
            yield from _references(value, f"{path}.[{index}]")
