"""What is agreed, and is it true: the catalogue is read or its mistake is placed, and the page tells it."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from comity.acts.agreement_files import FileProblemError
from comity.acts.instruments import Binds, Status, read_instruments
from comity.taxii.server import serves
from comity.web.security import POLICY

GOOD = """\
- name: A treaty
  reference:
  kind: treaty
  adopter: Two States
  binds: no
  claim: It was signed
  status: not found
  holds: Nothing was found.
  sources: [https://example.org/treaty]
  checked: 2026-11-23
"""


def placed(tmp_path: Path, text: str) -> str:
    """Give the one line that says what is wrong with a catalogue."""
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblemError) as raised:
        read_instruments(file)
    return raised.value.problem.at(file.name)


def test_every_scalar_is_text_until_its_key_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(GOOD.replace("A treaty", "NO"), encoding="utf-8")
    (one,) = read_instruments(file)
    assert (one.name, one.binds, one.reference, one.note) == ("NO", Binds.NO, "", "")
    assert one.checked == date(2026, 11, 23)
    assert [source.host for source in one.sources] == ["example.org"]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("status: not found", "status: maybe", "one.yaml:7:11: “maybe” is not known here"),
        ("status: not found", "status: confrmed", "write “confirmed” if that was meant"),
        ("binds: no", "binds: false", "one.yaml:5:10: “false” is not known here"),
        ("checked: 2026-11-23", "checked: memory", "one.yaml:10:12: “memory” is not a day"),
        ("[https://example.org/treaty]", "[a friend]", "one.yaml:9:13: “a friend” is not the address of a page"),
        ("[https://example.org/treaty]", "[]", "one.yaml:9:12: a list of sources is expected"),
        ("  adopter: Two States\n", "", "one.yaml:1:3: the instrument has no “adopter”"),
        ("adopter:", "adoptor:", "one.yaml:4:3: “adoptor” is not a key of an instrument. Mend: write “adopter”"),
        ("holds: Nothing was found.", "holds:", "there is no text here"),
        ("holds: Nothing was found.", "holds: [a, b]", "text is expected, not a list"),
        ("- name: A treaty", "- name: A: treaty", "one.yaml:1:"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, good: str, bad: str, said: str) -> None:
    assert said in placed(tmp_path, GOOD.replace(good, bad))


def test_what_is_no_catalogue_is_said_to_be_none(tmp_path: Path) -> None:
    assert "one.yaml:1:1: a list of instruments is expected" in placed(tmp_path, "name: A treaty\n")
    assert "an instrument is expected" in placed(tmp_path, "- A treaty\n")
    (tmp_path / "latin.yaml").write_bytes(b"- name: Cura\xe7ao\n")
    for name, said in (("latin.yaml", "not UTF-8"), ("none.yaml", "cannot be read")):
        with pytest.raises(FileProblemError, match=said):
            read_instruments(tmp_path / name)


def test_the_catalogue_says_what_the_registers_say() -> None:
    told = {(one.name, one.claim): one.status for one in read_instruments()}
    by_word = {
        "Budapest": {Status.CONTRADICTED},
        "against Cybercrime": {Status.NOT_FOUND},
        "points of contact": {Status.NOT_FOUND},
        "Governmental Experts": {Status.CONTRADICTED},
        "Memorandum": {Status.NOT_FOUND},
        "Mutual legal": {Status.CONFIRMED},
        "Maturity Model": {Status.CONFIRMED, Status.CONTRADICTED},
    }
    for word, expected in by_word.items():
        assert {status for (name, _claim), status in told.items() if word in name} == expected, word
    assert set(told.values()) == set(Status)
    assert len(told) == len(read_instruments())


def test_everybody_at_the_desk_reads_every_row_with_source_and_day(officer: Client, auditor: Client) -> None:
    address = reverse("instruments")
    assert not serves(address)
    for reader in (officer, auditor):
        answer = reader.get(address)
        assert answer["Content-Security-Policy"] == POLICY
        body = answer.content.decode()
        assert "Not found is not no" in body
        assert body.count("checked 20") == len(read_instruments())
        assert 'href="/instruments/" aria-current="page">Instruments' in body
    assert officer.post(address).status_code == 405


@pytest.mark.parametrize("status", Status)
def test_a_status_shows_its_own_rows_alone(officer: Client, status: Status) -> None:
    slug = status.value.replace(" ", "-")
    body = officer.get(reverse("instruments"), {"status": slug}).content.decode()
    assert body.count('<th scope="row">') == sum(one.status is status for one in read_instruments())
    assert f'href="?status={slug}" aria-current="page"' in body


def test_a_status_that_is_none_leads_nowhere(officer: Client) -> None:
    assert officer.get(reverse("instruments"), {"status": "true"}).status_code == 404


@pytest.mark.usefixtures("db")
def test_nobody_else_reads_it(client: Client) -> None:
    assert client.get(reverse("instruments")).status_code == 302


def test_a_broken_catalogue_is_told_on_the_page(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(GOOD.replace("not found", "maybe"), encoding="utf-8")
    monkeypatch.setattr("comity.web.instruments.CATALOGUE", file)
    answer = officer.get(reverse("instruments"))
    assert answer.status_code == 500
    assert "broken.yaml:7:11" in answer.content.decode()
