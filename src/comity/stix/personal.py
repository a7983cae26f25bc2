"""Personal data in STIX objects: which properties name or reach a natural person, by type."""

from typing import Final

from comity.stix.faults import Members
from comity.stix.selectors import Path, path_of

_ORGANISED: Final = frozenset({"organization", "group", "class", "system"})

_PROPERTIES: Final[dict[str, tuple[str, ...]]] = {
    "email-message": (
        "from_ref",
        "sender_ref",
        "to_refs",
        "cc_refs",
        "bcc_refs",
        "message_id",
        "subject",
        "received_lines",
        "additional_header_fields",
        "body",
        "body_multipart",
        "raw_email_ref",
    ),
    "identity": ("contact_information",),
    "network-traffic": ("extensions.http-request-ext.request_header",),
    "note": ("authors",),
    "opinion": ("authors",),
    "process": ("creator_user_ref", "environment_variables", "extensions.windows-process-ext.owner_sid"),
    "user-account": (
        "user_id",
        "credential",
        "account_login",
        "display_name",
        "extensions.unix-account-ext.home_dir",
    ),
    "file": ("extensions.ntfs-ext.sid",),
    "windows-registry-key": ("creator_user_ref",),
}
_PERSON_TYPES: Final = frozenset({"email-addr", "user-account", "email-message"})


def is_a_person(members: Members) -> bool:
    """Say whether the whole object is about a natural person, so that it cannot go without personal data.

    An identity is, unless its class says that it is an organisation, group, class or system; so is a threat actor of
    the resources of an individual, an e-mail address, a translation of an identity or of such an observable, and
    observed data that holds such observables inside itself.
    """
    match members.get("type"):
        case "identity":
            return members.get("identity_class") not in _ORGANISED
        case "threat-actor":
            return members.get("resource_level") == "individual"
        case "email-addr":
            return True
        case "language-content":
            reference = str(members.get("object_ref", ""))
            return reference.rpartition("--")[0] in _PERSON_TYPES | {"identity"}
        case "observed-data":
            inside = members.get("objects")
            held = inside.values() if isinstance(inside, dict) else ()
            return any(isinstance(item, dict) and item.get("type") in _PERSON_TYPES for item in held)
    return False


def personal_paths(members: Members) -> set[Path]:
    """Return the places of personal data in an object that can go without them.

    A service account is nobody's. Addresses of machines (IP, MAC, domain, URL) and what free text says are not looked
    at: they are the substance of what is shared, and whoever marks an object marks them by a granular marking.
    """
    kind = str(members.get("type"))
    if kind == "user-account" and members.get("is_service_account") is True:
        return set()
    return {path_of(selector) for selector in _PROPERTIES.get(kind, ())}
