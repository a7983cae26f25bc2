"""Lines of Zeek's logs, as tab-separated text or as JSON: both name their fields alike."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from comity.stix.logs.observed import Line, Observables, hashes, seconds, text, whole
from comity.stix.patterns.observations import Observation
from comity.stix.timestamps import instant

_ESCAPE: Final = "\\x"


class Header:
    """What the lines that begin with # say of those that follow: how fields are parted and named."""

    def __init__(self) -> None:
        """Begin with Zeek's defaults."""
        self.separator, self.set_separator = "\t", ","
        self.unset, self.empty = "-", "(empty)"
        self.fields: list[str] = []

    def take(self, line: str) -> None:
        """Take a line that begins with #."""
        if line.startswith("#separator "):
            self.separator = _unescaped(line.removeprefix("#separator ").strip())
            return
        name, _, rest = line.partition(self.separator)
        if name == "#fields":
            self.fields = rest.split(self.separator)
        elif name == "#set_separator":
            self.set_separator = _unescaped(rest)
        elif name == "#unset_field":
            self.unset = rest
        elif name == "#empty_field":
            self.empty = rest

    def line(self, written: str) -> Line | None:
        """Return a line's fields that are set; None where there are more or fewer than the header names."""
        values = written.split(self.separator)
        if not self.fields or len(values) != len(self.fields):
            return None
        return {
            name: value
            for name, value in zip(self.fields, values, strict=True)
            if value not in {self.unset, self.empty}
        }

    def members(self, value: object) -> Iterator[str]:
        """Yield the members of a field that is a set or a list."""
        if isinstance(value, str):
            yield from (one for one in value.split(self.set_separator) if one not in {self.unset, self.empty})
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


def _unescaped(written: str) -> str:
    """Return what a hexadecimal escape stands for."""
    if not written.startswith(_ESCAPE):
        return written
    try:
        return bytes.fromhex(written.replace(_ESCAPE, "")).decode("latin-1") or "\t"
    except ValueError:
        return "\t"


def observation(line: Line, header: Header, place: int) -> Observation | None:
    """Return what a line tells, None for a line that tells of nothing; ValueError where it has no time."""
    at = moment(line.get("ts"))
    if at is None:
        raise ValueError("the field ts is no time")
    found = Observables()
    _traffic(line, found)
    found.resolved(text(line, "query"), header.members(line.get("answers")))
    found.domain(text(line, "server_name"))
    for host in chain(header.members(line.get("tx_hosts")), header.members(line.get("rx_hosts"))):
        found.address(host)
    _web(line, found)
    found.add("file", name=text(line, "filename"), hashes=hashes(line), mime_type=text(line, "mime_type"),
              size=whole(line, "total_bytes"))  # fmt: skip
    _certificate(line, found)
    _mail(line, header, found)
    return found.observation(at, place)


def moment(value: object) -> int | None:
    """Return a time, seconds since 1970 or a timestamp, in microseconds."""
    if isinstance(value, str) and value.endswith("Z"):
        try:
            return instant(value)
        except ValueError:
            return None
    return seconds(value)


def _traffic(line: Mapping[str, object], found: Observables) -> None:
    source, target = found.address(line.get("id.orig_h")), found.address(line.get("id.resp_h"))
    if source is None and target is None:
        return
    protocols = [word.lower() for name in ("proto", "service") if (word := text(line, name)) is not None]
    found.add("network-traffic", src_ref=source, dst_ref=target, src_port=whole(line, "id.orig_p"),
              dst_port=whole(line, "id.resp_p"), protocols=protocols, src_byte_count=whole(line, "orig_bytes"),
              dst_byte_count=whole(line, "resp_bytes"), src_packets=whole(line, "orig_pkts"),
              dst_packets=whole(line, "resp_pkts"), extensions=_request(line))  # fmt: skip


def _request(line: Line) -> dict[str, object]:
    """Return the extension of a web request (§6.12.3)."""
    method = text(line, "method")
    if method is None:
        return {}
    fields = {"Host": text(line, "host"), "User-Agent": text(line, "user_agent"), "Referer": text(line, "referrer")}
    sent = {name: value for name, value in fields.items() if value is not None}
    asked: dict[str, object] = {"request_method": method.lower(), "request_value": text(line, "uri") or "/"}
    return {"http-request-ext": {**asked, **({"request_header": sent} if sent else {})}}


def _web(line: Line, found: Observables) -> None:
    host, path = text(line, "host"), text(line, "uri")
    if host is None or path is None:
        return
    found.domain(host.partition(":")[0] if host.count(":") == 1 else host)
    found.once("url", path if "://" in path else f"http://{host}{path if path.startswith('/') else '/' + path}")


def _certificate(line: Line, found: Observables) -> None:
    fingerprint = text(line, "fingerprint")
    kind = {40: "SHA-1", 64: "SHA-256"}.get(len(fingerprint or ""))
    serial = text(line, "certificate.serial")
    if serial is None and kind is None:
        return
    found.add("x509-certificate", serial_number=serial, subject=text(line, "certificate.subject"),
              issuer=text(line, "certificate.issuer"),
              hashes={kind: (fingerprint or "").lower()} if kind else None)  # fmt: skip


def _mail(line: Line, header: Header, found: Observables) -> None:
    sender = text(line, "mailfrom") or text(line, "from")
    subject = text(line, "subject") if "mailfrom" in line or "rcptto" in line else None
    if sender is None and subject is None:
        return
    source = found.once("email-addr", sender.strip("<>")) if sender else None
    to = [key for one in header.members(line.get("rcptto")) if (key := found.once("email-addr", one.strip("<>")))]
    found.add("email-message", from_ref=source, to_refs=to, subject=subject, is_multipart=False)
