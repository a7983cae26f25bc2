"""The predefined extensions of cyber-observables (STIX 2.1 §6, §3.10), as tables."""

from typing import Final

from comity.stix.checks import (
    Shape,
    base_value,
    boolean,
    dictionary,
    hashes,
    hexadecimal,
    integer,
    list_of,
    number,
    one_of,
    text,
    whole_or_text,
)
from comity.stix.faults import NONE, Check, Faults, Members, Rule, breach
from comity.stix.identifiers import reference
from comity.stix.timestamps import timestamp

_count: Final = integer(0)
_whole: Final = integer()
_texts: Final = list_of(text)

ADDRESS_FAMILIES: Final = (
    "AF_UNSPEC",
    "AF_INET",
    "AF_IPX",
    "AF_APPLETALK",
    "AF_NETBIOS",
    "AF_INET6",
    "AF_IRDA",
    "AF_BTH",
)
SOCKET_TYPES: Final = ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET")
INTEGRITY_LEVELS: Final = ("low", "medium", "high", "system")
SERVICE_STARTS: Final = (
    "SERVICE_AUTO_START",
    "SERVICE_BOOT_START",
    "SERVICE_DEMAND_START",
    "SERVICE_DISABLED",
    "SERVICE_SYSTEM_ALERT",
)
SERVICE_TYPES: Final = (
    "SERVICE_KERNEL_DRIVER",
    "SERVICE_FILE_SYSTEM_DRIVER",
    "SERVICE_WIN32_OWN_PROCESS",
    "SERVICE_WIN32_SHARE_PROCESS",
)
SERVICE_STATUSES: Final = (
    "SERVICE_CONTINUE_PENDING",
    "SERVICE_PAUSE_PENDING",
    "SERVICE_PAUSED",
    "SERVICE_RUNNING",
    "SERVICE_START_PENDING",
    "SERVICE_STOP_PENDING",
    "SERVICE_STOPPED",
)


def _filled(section: str, beyond: str = "") -> Rule:
    """Return a rule: an extension or part carries at least one property, other than one it must have anyway."""

    def rule(members: Members) -> Faults:
        return (
            NONE
            if members.keys() - {beyond}
            else breach(section, "There is no property here.", "Add one, or leave it out.")
        )

    return rule


def _some(section: str, table: dict[str, Check], required: str = "") -> Shape:
    """Return the shape of an extension that must carry at least one property."""
    return Shape(section, table, frozenset(required.split()), (_filled(section),))


_header: Final = _some(
    "6.7.6.1",
    {
        "magic_hex": hexadecimal,
        "major_linker_version": _whole,
        "minor_linker_version": _whole,
        "size_of_code": _count,
        "size_of_initialized_data": _count,
        "size_of_uninitialized_data": _count,
        "address_of_entry_point": _whole,
        "base_of_code": _whole,
        "base_of_data": _whole,
        "image_base": _whole,
        "section_alignment": _whole,
        "file_alignment": _whole,
        "major_os_version": _whole,
        "minor_os_version": _whole,
        "major_image_version": _whole,
        "minor_image_version": _whole,
        "major_subsystem_version": _whole,
        "minor_subsystem_version": _whole,
        "win32_version_value_hex": hexadecimal,
        "size_of_image": _count,
        "size_of_headers": _count,
        "checksum_hex": hexadecimal,
        "subsystem_hex": hexadecimal,
        "dll_characteristics_hex": hexadecimal,
        "size_of_stack_reserve": _count,
        "size_of_stack_commit": _count,
        "size_of_heap_reserve": _whole,
        "size_of_heap_commit": _whole,
        "loader_flags_hex": hexadecimal,
        "number_of_rva_and_sizes": _whole,
        "hashes": hashes,
    },
)
_section: Final = Shape(
    "6.7.6.2", {"name": text, "size": _count, "entropy": number(), "hashes": hashes}, frozenset({"name"})
)
_stream: Final = Shape("6.7.3.1", {"name": text, "hashes": hashes, "size": _count}, frozenset({"name"}))

FILE_EXTENSIONS: Final[dict[str, Check]] = {
    "archive-ext": _some(
        "6.7.2", {"contains_refs": list_of(reference("6.7.2", "file", "directory")), "comment": text}, "contains_refs"
    ),
    "ntfs-ext": _some("6.7.3", {"sid": text, "alternate_data_streams": list_of(_stream)}),
    "pdf-ext": _some(
        "6.7.4",
        {
            "version": text,
            "is_optimized": boolean,
            "document_info_dict": dictionary(text),
            "pdfid0": text,
            "pdfid1": text,
        },
    ),
    "raster-image-ext": _some(
        "6.7.5",
        {
            "image_height": _whole,
            "image_width": _whole,
            "bits_per_pixel": _whole,
            "exif_tags": dictionary(whole_or_text),
        },
    ),
    "windows-pebinary-ext": Shape(
        "6.7.6",
        {
            "pe_type": text,
            "imphash": text,
            "machine_hex": hexadecimal,
            "number_of_sections": _count,
            "time_date_stamp": timestamp,
            "pointer_to_symbol_table_hex": hexadecimal,
            "number_of_symbols": _count,
            "size_of_optional_header": _count,
            "characteristics_hex": hexadecimal,
            "file_header_hashes": hashes,
            "optional_header": _header,
            "sections": list_of(_section),
        },
        frozenset({"pe_type"}),
        (_filled("6.7.6", "pe_type"),),
    ),
}
TRAFFIC_EXTENSIONS: Final[dict[str, Check]] = {
    "http-request-ext": _some(
        "6.12.2",
        {
            "request_method": text,
            "request_value": text,
            "request_version": text,
            "request_header": dictionary(_texts, keys=text),
            "message_body_length": _whole,
            "message_body_data_ref": reference("6.12.2", "artifact"),
        },
        "request_method request_value",
    ),
    "icmp-ext": _some(
        "6.12.3", {"icmp_type_hex": hexadecimal, "icmp_code_hex": hexadecimal}, "icmp_type_hex icmp_code_hex"
    ),
    "socket-ext": _some(
        "6.12.4",
        {
            "address_family": one_of("10.16", ADDRESS_FAMILIES),
            "is_blocking": boolean,
            "is_listening": boolean,
            "options": dictionary(integer()),
            "socket_type": one_of("10.17", SOCKET_TYPES),
            "socket_descriptor": _count,
            "socket_handle": _whole,
        },
        "address_family",
    ),
    "tcp-ext": _some("6.12.5", {"src_flags_hex": hexadecimal, "dst_flags_hex": hexadecimal}),
}
PROCESS_EXTENSIONS: Final[dict[str, Check]] = {
    "windows-process-ext": _some(
        "6.13.2",
        {
            "aslr_enabled": boolean,
            "dep_enabled": boolean,
            "priority": text,
            "owner_sid": text,
            "window_title": text,
            "windows_title": text,
            "startup_info": dictionary(base_value),
            "integrity_level": one_of("10.27", INTEGRITY_LEVELS),
        },
    ),
    "windows-service-ext": _some(
        "6.13.3",
        {
            "service_name": text,
            "descriptions": _texts,
            "display_name": text,
            "group_name": text,
            "start_type": one_of("10.30", SERVICE_STARTS),
            "service_dll_refs": list_of(reference("6.13.3", "file")),
            "service_type": one_of("10.31", SERVICE_TYPES),
            "service_status": one_of("10.32", SERVICE_STATUSES),
        },
    ),
}
ACCOUNT_EXTENSIONS: Final[dict[str, Check]] = {
    "unix-account-ext": _some("6.16.2", {"gid": _whole, "groups": _texts, "home_dir": text, "shell": text}),
}

PREDEFINED: Final[dict[str, dict[str, Check]]] = {
    "file": FILE_EXTENSIONS,
    "network-traffic": TRAFFIC_EXTENSIONS,
    "process": PROCESS_EXTENSIONS,
    "user-account": ACCOUNT_EXTENSIONS,
}
"""The predefined extensions by the type of object that may carry them."""
