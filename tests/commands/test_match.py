"""`comity match` as an analyst uses it: what matched and where, and sightings that go back."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.commands import main

LINE = {"event_type": "flow", "timestamp": "2026-11-23T10:00:00.5+0000", "dest_ip": "198.51.100.23"}
OTHER = {**LINE, "dest_ip": "192.0.2.99", "timestamp": "2026-11-23T10:00:09.000000+0000"}


def run(*arguments: object, data: Path, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["match", *map(str, arguments), "--data", str(data)], input=given)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "eve.json"
    path.write_text("\n".join(map(json.dumps, [OTHER, LINE, LINE])), encoding="utf-8")
    return path


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    path = tmp_path / "wanted.txt"
    path.write_text("# addresses\n\n[ipv4-addr:value = '198.51.100.23']\n[file:name MATCHES '(a)\\\\1']\n[file:name\n"
                    "[ipv4-addr:value = '192.0.2.99'] FOLLOWEDBY [ipv4-addr:value = '198.51.100.23']\n",
                    encoding="utf-8")  # fmt: skip
    return path


def test_matches_are_told_with_pattern_line_and_value(log: Path, wanted: Path, tmp_path: Path) -> None:
    result = run(log, "--patterns", wanted, data=tmp_path / "home")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{log}:2: wanted.txt:3: ipv4-addr:value = 198.51.100.23",
        f"{log}:3: wanted.txt:3: ipv4-addr:value = 198.51.100.23",
    ]
    assert "not matched: wanted.txt:5: character 11" in result.stderr
    assert "not matched: wanted.txt:4: the regular expression (a)\\1 is not run here" in result.stderr
    assert "3 lines, 3 observations, 3 indicators: 2 matches of 1 indicators; 0 lines could not" in result.stderr
    assert not (tmp_path / "home").exists()


def test_a_pattern_over_several_lines_names_them_all(log: Path, tmp_path: Path, wanted: Path) -> None:
    log.write_text("\n".join(map(json.dumps, [LINE | {"dest_ip": "192.0.2.99"}, LINE])), encoding="utf-8")
    result = run(log, "--patterns", wanted, "--json", data=tmp_path)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert found[1] == {"indicator": "wanted.txt:6", "name": "", "lines": [1, 2],
                        "matched": ["ipv4-addr:value = 192.0.2.99", "ipv4-addr:value = 198.51.100.23"],
                        "first_seen": "2026-11-23T10:00:00.500Z", "last_seen": "2026-11-23T10:00:00.500Z"}  # fmt: skip


def test_nothing_found_is_the_answer_no_and_a_bad_line_stops_nothing(wanted: Path, tmp_path: Path) -> None:
    result = run("-", "--patterns", wanted, data=tmp_path, given=b"rubbish\n" + json.dumps(OTHER).encode())
    assert result.exit_code == 1
    assert "comity: -:1: this is neither a JSON object" in result.stderr
    assert "1 lines could not be read" in result.stderr


def test_a_log_may_be_packed_and_a_bundle_may_go_over_several_lines(wanted: Path, tmp_path: Path) -> None:
    packed = tmp_path / "eve.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(LINE).encode()))
    assert run(packed, "--patterns", wanted, data=tmp_path).exit_code == 0
    times = {"first_observed": "2026-11-23T10:00:00Z", "last_observed": "2026-11-23T10:00:00Z", "number_observed": 1}
    inside = [{"type": "observed-data", "object_refs": ["ipv4-addr--1"], **times},
              {"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "198.51.100.23"}]  # fmt: skip
    whole = json.dumps({"type": "bundle", "objects": inside}, indent=1).encode()
    assert run("-", "--patterns", wanted, data=tmp_path, given=whole).exit_code == 0


@pytest.mark.parametrize(("arguments", "says"), [
    (["missing.log", "--patterns", "WANTED"], "missing.log: No such file or directory: name a log"),
    (["LOG", "--patterns", "missing.txt"], "missing.txt: No such file"),
    (["LOG", "--patterns", "WANTED", "--collection", "x"], "give one of them"),
    (["LOG", "--patterns", "WANTED", "--tlp", "PINK"], "--tlp"),
])  # fmt: skip
def test_bad_input_is_told_in_one_line(arguments: list[str], says: str, log: Path, wanted: Path) -> None:
    given = [{"LOG": str(log), "WANTED": str(wanted)}.get(one, one) for one in arguments]
    result = run(*given, data=log.parent)
    assert result.exit_code == 2
    assert says in result.stderr
