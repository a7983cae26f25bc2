"""Each kind of log, as its program writes it, becomes the observables that the page says."""

import json
from typing import Any

import pytest

from comity.stix.logs.reading import REMEMBERED, BadLine, Reading
from comity.stix.patterns.matcher import Matcher
from comity.stix.patterns.observations import Observation
from comity.stix.patterns.parser import read
from comity.stix.timestamps import instant

CONN = [
    rb"#separator \x09", b"#set_separator\t,", b"#empty_field\t(empty)", b"#unset_field\t-", b"#path\tconn",
    b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\torig_bytes\tresp_bytes",
    b"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tcount\tcount",
    b"1795428000.5\tC1\t192.0.2.10\t50000\t2001:db8::7\t443\ttcp\tssl\t1200\t-",
]  # fmt: skip
DNS = [b"#fields\tts\tid.orig_h\tid.resp_h\tproto\tquery\tanswers",
       b"1795428000\t192.0.2.10\t192.0.2.53\tudp\tWWW.Evil.example.\t203.0.113.9,alias.example"]  # fmt: skip
HTTP: dict[str, Any] = {"ts": "2026-11-23T10:00:00.000000Z", "id.orig_h": "192.0.2.10", "id.resp_h": "203.0.113.9",
                        "method": "GET", "host": "evil.example:8080", "uri": "/a.exe",
                        "user_agent": "curl/8"}  # fmt: skip
FILES = {"ts": 1795428000, "md5": "AB" * 16, "sha256": "cd" * 32, "filename": "a.exe", "total_bytes": 77,
         "mime_type": "application/x-dosexec"}  # fmt: skip
SMTP = {"ts": 1795428000, "mailfrom": "<a@evil.example>", "rcptto": ["b@ministry.example"], "subject": "Invoice"}
CERT = {"ts": 1795428000, "certificate.serial": "0A", "certificate.issuer": "CN=evil", "fingerprint": "ef" * 32}
EVE: dict[str, Any] = {"timestamp": "2026-11-23T11:00:00.250000+0100", "event_type": "flow", "src_ip": "192.0.2.10",
                       "src_port": 50000, "dest_ip": "203.0.113.9", "dest_port": 443, "proto": "TCP",
                       "app_proto": "tls", "flow": {"bytes_toserver": 1200, "pkts_toserver": 3}}  # fmt: skip
AT = {"timestamp": "2026-11-23T10:00:00Z"}
EVE_DNS_1 = {**AT, "event_type": "dns", "dns": {"type": "answer", "rrname": "evil.example", "rrtype": "A",
                                               "rdata": "203.0.113.9"}}  # fmt: skip
EVE_DNS_2 = {**AT, "event_type": "dns", "dns": {"version": 2, "rrname": "evil.example", "answers": [
    {"rrname": "evil.example", "rrtype": "A", "rdata": "203.0.113.9"}]}}  # fmt: skip
EVE_DNS_3 = {**AT, "event_type": "dns", "dns": {"version": 3, "queries": [{"rrname": "evil.example", "rrtype": "A"}]}}
EVE_HTTP = {**AT, "event_type": "http", "src_ip": "192.0.2.10", "http": {"hostname": "evil.example", "url": "/a.exe",
            "http_user_agent": "curl/8", "http_method": "GET"}}  # fmt: skip
EVE_TLS = {**AT, "event_type": "tls", "tls": {"sni": "evil.example", "issuerdn": "CN=evil",
                                              "fingerprint": "aa:bb:" * 9 + "cc:dd"}}  # fmt: skip
EVE_FILE = {**AT, "event_type": "fileinfo", "fileinfo": {"filename": "/x/a.exe", "sha256": "CD" * 32, "size": 77}}
EVE_MAIL = {**AT, "event_type": "smtp", "email": {"from": "Eve <a@evil.example>", "to": ["b@ministry.example"],
                                                  "subject": "Invoice"}}  # fmt: skip


def lines(*objects: object) -> list[bytes]:
    return [json.dumps(one).encode() for one in objects]


TRAFFIC = (
    "[network-traffic:src_ref.value = '192.0.2.10' AND network-traffic:src_port = 50000 AND network-traffic:dst_port "
)
CASES = [
    (CONN, TRAFFIC + "= 443 AND network-traffic:src_byte_count = 1200 AND NOT EXISTS network-traffic:dst_byte_count]"),
    (CONN, "[ipv6-addr:value = '2001:db8::7'] START t'2026-11-23T10:00:00.5Z' STOP t'2026-11-23T10:00:00.6Z'"),
    (CONN, "[network-traffic:protocols[*] = 'ssl' AND network-traffic:protocols[0] = 'tcp']"),
    (DNS, "[domain-name:value = 'www.evil.example' AND domain-name:resolves_to_refs[*].value = '203.0.113.9']"),
    (DNS, "[domain-name:value = 'alias.example']"),
    (lines(HTTP), "[url:value = 'http://evil.example:8080/a.exe']"),
    (lines(HTTP), "[domain-name:value = 'evil.example']"),
    (lines(HTTP), "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'curl%']"),
    (lines(FILES), f"[file:hashes.MD5 = '{'ab' * 16}' AND file:name = 'a.exe' AND file:size = 77]"),
    (lines(SMTP), "[email-message:from_ref.value = 'a@evil.example' AND email-message:subject = 'Invoice']"),
    (lines(SMTP), "[email-message:to_refs[0].value = 'b@ministry.example']"),
    (lines(CERT), f"[x509-certificate:hashes.'SHA-256' = '{'ef' * 32}' AND x509-certificate:issuer = 'CN=evil']"),
    (lines(EVE), TRAFFIC + "= 443 AND network-traffic:src_packets = 3 AND network-traffic:protocols[1] = 'tls']"),
    (lines(EVE), "[ipv4-addr:value = '203.0.113.9'] START t'2026-11-23T10:00:00.25Z' STOP t'2026-11-23T10:00:01Z'"),
    (lines(EVE_DNS_1), "[domain-name:resolves_to_refs[*].value = '203.0.113.9']"),
    (lines(EVE_DNS_2), "[domain-name:resolves_to_refs[*].value = '203.0.113.9']"),
    (lines(EVE_DNS_3), "[domain-name:value = 'evil.example']"),
    (lines(EVE_HTTP), "[url:value = 'http://evil.example/a.exe']"),
    (lines(EVE_TLS), "[x509-certificate:issuer = 'CN=evil']"),
    (lines(EVE_TLS), f"[x509-certificate:hashes.'SHA-1' = '{'aabb' * 9 + 'ccdd'}' OR domain-name:value = 'x']"),
    (lines(EVE_FILE), f"[file:name = 'a.exe' AND file:hashes.'SHA-256' = '{'cd' * 32}']"),
    (lines(EVE_MAIL), "[email-addr:value = 'a@evil.example']"),
]


def readings(log: list[bytes]) -> list[Observation | BadLine]:
    return list(Reading().observations(log))


@pytest.mark.parametrize(("log", "pattern"), CASES)
def test_a_line_becomes_the_observables_that_a_pattern_asks_for(log: list[bytes], pattern: str) -> None:
    (one,) = readings(log)
    assert isinstance(one, Observation)
    assert Matcher([read(pattern)]).see_alone(one) == [0]
    assert one.place == len(log)


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ([b"no header"], "neither a JSON object nor a line after a Zeek header"),
        ([*DNS[:1], b"1\t2"], "more or fewer fields"),
        ([*DNS[:1], b"x\t192.0.2.1\t192.0.2.2\tudp\ta\tb"], "ts is no time"),
        ([b"{"], "no JSON object"),
        ([b'{"a": 1}'], "neither STIX"),
        ([b'{"event_type": "dns", "timestamp": "soon"}'], "timestamp is no time"),
        ([b'{"type": "observed-data", "id": "observed-data--1"}'], "number_observed"),
        ([b"[" * 100_000], "neither a JSON"),
        ([b'{"a":' * 100_000], "no JSON object"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_the_next_is_read(log: list[bytes], says: str) -> None:
    *_, bad, good = readings([*log, *lines(EVE)])
    assert isinstance(bad, BadLine)
    assert says in bad.says
    assert bad.number == len(log)
    assert isinstance(good, Observation)


def data(refs: list[str], **members: object) -> dict[str, object]:
    times = {"first_observed": "2026-11-23T10:00:00Z", "last_observed": "2026-11-23T10:00:01Z", "number_observed": 2}
    return {"type": "observed-data", "id": "observed-data--1", **times, "object_refs": refs, **members}


def test_observed_data_takes_its_observables_from_the_bundle_or_from_lines_before() -> None:
    address = {"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "203.0.113.9"}
    bundle = {"type": "bundle", "objects": [data(["ipv4-addr--1", "ipv4-addr--2"]), address]}
    for log in (lines(bundle), lines(address, data(["ipv4-addr--1"]))):
        (one,) = readings(log)
        assert isinstance(one, Observation)
        assert (list(one.objects), one.count) == ([address], 2)
        assert (one.first, one.last) == (instant("2026-11-23T10:00:00Z"), instant("2026-11-23T10:00:01Z"))


def test_what_is_remembered_of_earlier_lines_has_a_bound() -> None:
    reading = Reading()
    log = ({"type": "ipv4-addr", "id": f"ipv4-addr--{n}", "value": "203.0.113.9"} for n in range(REMEMBERED + 50))
    assert list(reading.observations(lines(*log))) == []
    assert len(reading.seen) == REMEMBERED
