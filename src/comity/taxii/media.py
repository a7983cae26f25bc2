"""Media types: what a client accepts and sends (TAXII 2.1 §1.6.8 and §3.1)."""

from collections.abc import Iterable, Mapping
from email.message import Message
from functools import lru_cache

from comity.taxii.errors import Refused

TAXII = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
_Kind = tuple[str, str]
_SERVED = (("application/taxii+json", "2.1"), ("application/taxii+json", ""))
_STIX = (("application/stix+json", "2.1"),)
_ANY = (("application/*", ""), ("*/*", ""))
_CODINGS = ("zstd", "gzip")
_TAKEN = (*_SERVED, *_STIX, ("application/stix+json", ""), ("application/json", ""))


def _read(text: str) -> tuple[str, str, float]:
    """Read one media range: type, `version` parameter, q-value."""
    message = Message()
    message["content-type"] = text.strip()
    version = message.get_param("version", "")
    quality = message.get_param("q", "1")
    try:
        weight = float(str(quality))
    except ValueError:
        weight = 0.0
    return message.get_content_type(), str(version).strip(), weight


@lru_cache(maxsize=256)
def coding(header: str) -> str:
    """Return the content coding that Accept-Encoding admits and that costs least; empty for none (RFC 9110 §12.5.3)."""
    given = (one.partition(";") for one in header.split(","))
    weights = {kind.strip().lower(): _quality(rest) for kind, _, rest in given}
    return next((one for one in _CODINGS if weights.get(one, 0.0) > 0), "")


def _quality(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0


def _ranges(header: str) -> list[tuple[str, str, float]]:
    return [_read(part) for part in header.split(",") if "/" in part]


def check_accept(header: str | None, *, stix_too: bool = False) -> None:
    """Refuse with 406 unless *header* admits TAXII 2.1; a missing header admits anything (RFC 9110 §12.5.1)."""
    if header is not None and header.strip() and not _admits(header, stix_too=stix_too):
        raise Refused(406, f"This server answers in {TAXII}; send that as Accept.")


@lru_cache(maxsize=256)
def _admits(header: str, *, stix_too: bool) -> bool:
    weights = {(kind, version): weight for kind, version, weight in _ranges(header)}
    return _weight(weights, _SERVED) > 0 or (stix_too and _weight(weights, _STIX) > 0)


def _weight(weights: Mapping[_Kind, float], exact: Iterable[_Kind]) -> float:
    """Return the weight of the range that fits best: the media type itself before a wildcard; 0 when none fits."""
    return next((weights[one] for one in (*exact, *_ANY) if one in weights), 0.0)


def check_content_type(header: str | None) -> None:
    """Refuse with 415 what is not announced as TAXII 2.1. JSON and STIX types, which many clients send, are taken."""
    if header is None or not header.strip():
        raise Refused(415, f"Content-Type is missing; send {TAXII}.")
    kind, version, _ = _read(header)
    if (kind, version) not in _TAKEN:
        raise Refused(415, f"Content-Type {kind} cannot be read here; send {TAXII}.")
