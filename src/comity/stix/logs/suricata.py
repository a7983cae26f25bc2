"""Lines of Suricata's EVE log: one JSON object an event."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from comity.stix.logs.observed import Line, Observables, hashes, text, whole
from comity.stix.patterns.observations import Observation

_zone: Final = re.compile(r"([+-][0-9]{2})([0-9]{2})$")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = 1_000_000
_DAY: Final = 86_400


def observation(line: Line, place: int) -> Observation | None:
    """Return what an event tells, None for one that tells of nothing; ValueError where it has no time."""
    at = moment(line.get("timestamp"))
    if at is None:
        raise ValueError("the field timestamp is no time")
    found = Observables()
    _traffic(line, found)
    for name, take in _PARTS:
        part = line.get(name)
        if isinstance(part, dict):
            take(part, found)
    for file in _rows(line, "files"):
        _file(file, found)
    return found.observation(at, place)


def moment(value: object) -> int | None:
    """Return an event's time in microseconds: ISO 8601 with an offset."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(_zone.sub(r"\1:\2", value.replace("Z", "+00:00")))
        since = (at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return None
    return (since.days * _DAY + since.seconds) * _SECOND + since.microseconds


def _part(line: Line, name: str) -> Line:
    value = line.get(name)
    return value if isinstance(value, dict) else {}


def _traffic(line: Line, found: Observables) -> None:
    source, target = found.address(line.get("src_ip")), found.address(line.get("dest_ip"))
    if source is None and target is None:
        return
    flow, http = _part(line, "flow"), _part(line, "http")
    protocols = [word.lower() for name in ("proto", "app_proto") if (word := text(line, name)) not in {None, "failed"}
                 and word is not None]  # fmt: skip
    found.add("network-traffic", src_ref=source, dst_ref=target, src_port=whole(line, "src_port"),
              dst_port=whole(line, "dest_port"), protocols=protocols, src_byte_count=whole(flow, "bytes_toserver"),
              dst_byte_count=whole(flow, "bytes_toclient"), src_packets=whole(flow, "pkts_toserver"),
              dst_packets=whole(flow, "pkts_toclient"), extensions=_request(http))  # fmt: skip


def _request(http: Line) -> dict[str, object]:
    """Return the extension of a web request (§6.12.3)."""
    method = text(http, "http_method")
    if method is None:
        return {}
    fields = {"Host": text(http, "hostname"), "User-Agent": text(http, "http_user_agent"),
              "Referer": text(http, "http_refer")}  # fmt: skip
    sent = {name: value for name, value in fields.items() if value is not None}
    asked: dict[str, object] = {"request_method": method.lower(), "request_value": text(http, "url") or "/"}
    return {"http-request-ext": {**asked, **({"request_header": sent} if sent else {})}}


def _names(dns: Line, found: Observables) -> None:
    """Add what was asked and answered, in each of the forms that versions of Suricata write."""
    found.resolved(text(dns, "rrname"), [text(dns, "rdata")])
    for query in _rows(dns, "queries"):
        found.domain(text(query, "rrname"))
    for query in _rows(dns, "query"):
        found.domain(text(query, "rrname"))
    by_name: dict[str | None, list[object]] = {}
    for answer in _rows(dns, "answers"):
        if text(answer, "rrtype") in {"A", "AAAA", "CNAME"}:
            by_name.setdefault(text(answer, "rrname"), []).append(text(answer, "rdata"))
    for name, targets in by_name.items():
        found.resolved(name, targets)


def _rows(part: Line, name: str) -> Iterator[Line]:
    rows = part.get(name)
    yield from (row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))


def _web(http: Line, found: Observables) -> None:
    host, path = text(http, "hostname"), text(http, "url")
    found.domain(host)
    if path is not None and (host is not None or "://" in path):
        found.once("url", path if "://" in path else f"http://{host}{path if path.startswith('/') else '/' + path}")


def _certificate(tls: Line, found: Observables) -> None:
    found.domain(text(tls, "sni"))
    fingerprint = (text(tls, "fingerprint") or "").replace(":", "").lower()
    found.add("x509-certificate", subject=text(tls, "subject"), issuer=text(tls, "issuerdn"),
              serial_number=text(tls, "serial"), hashes={"SHA-1": fingerprint} if fingerprint else None)  # fmt: skip


def _file(info: Line, found: Observables) -> None:
    name = text(info, "filename")
    found.add("file", name=name.rpartition("/")[2] if name else None, hashes=hashes(info), size=whole(info, "size"),
              mime_type=text(info, "mimetype"))  # fmt: skip


def _mail(mail: Line, found: Observables) -> None:
    sender, to = text(mail, "from"), mail.get("to")
    if sender is None:
        return
    source = found.once("email-addr", _address(sender))
    names = [one for one in (to if isinstance(to, list) else []) if isinstance(one, str)]
    targets = [found.once("email-addr", _address(one)) for one in names]
    found.add("email-message", from_ref=source, to_refs=targets, subject=text(mail, "subject"), is_multipart=False)


def _address(written: str) -> str:
    """Return the address of `Name <address>`."""
    return written.rpartition("<")[2].rstrip("> ") if "<" in written else written.strip()


_PARTS: Final[tuple[tuple[str, Callable[[Line, Observables], None]], ...]] = (
    ("dns", _names),
    ("http", _web),
    ("tls", _certificate),
    ("fileinfo", _file),
    ("email", _mail),
)
