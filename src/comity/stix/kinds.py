"""Every type of STIX 2.1 by name, and the kind that an unknown type is read as."""

from typing import Final

from comity.stix.faults import Members
from comity.stix.properties import Group, Kind, custom_kind
from comity.stix.types_domain import DOMAIN_KINDS
from comity.stix.types_meta import META_KINDS
from comity.stix.types_observables import OBSERVABLE_KINDS
from comity.stix.types_relations import RELATION_KINDS

KINDS: Final[dict[str, Kind]] = {**DOMAIN_KINDS, **RELATION_KINDS, **OBSERVABLE_KINDS, **META_KINDS}
"""The types the standard defines, by name."""

_GROUPS: Final = {"new-sdo": Group.DOMAIN, "new-sro": Group.RELATIONSHIP, "new-sco": Group.OBSERVABLE}


def kind_of_object(type_name: str, members: Members) -> Kind:
    """Return the kind an object is judged by.

    A type the standard does not define is what its extension declares it to be (§7.3); without an extension it is a
    domain object when it carries a version or a spec_version, else an observable (§11.2).
    """
    known = KINDS.get(type_name)
    if known is not None:
        return known
    extensions = members.get("extensions")
    for entry in extensions.values() if isinstance(extensions, dict) else ():
        declared = entry.get("extension_type") if isinstance(entry, dict) else None
        if isinstance(declared, str) and declared in _GROUPS:
            return custom_kind(type_name, _GROUPS[declared])
    versioned = not members.keys().isdisjoint({"spec_version", "created", "modified"})
    return custom_kind(type_name, Group.DOMAIN if versioned else Group.OBSERVABLE)
