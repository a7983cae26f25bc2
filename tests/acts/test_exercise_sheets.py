"""Lists of events in spreadsheets: ours comes back as it went; of those of others, what they lack is named."""

import csv
import io
from datetime import datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from comity.acts import exercise_files, exercise_sheets
from comity.acts.exercise_sheets import Came, SheetRefused
from comity.commands import main
from comity.policy.exercise_foreign import Given
from comity.policy.exercises import Expectation, Inject, Objective, Scenario, Team
from comity.policy.markings import Tlp

GIVEN = Given("mine", "Mine", "2027-03-09T09:00", "America/Nassau", "GREEN")


def sheet(*rows: tuple[object, ...]) -> bytes:
    """Write rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def book(*rows: tuple[object, ...]) -> bytes:
    """Write rows as a workbook."""
    made, out = Workbook(), io.BytesIO()
    assert made.active is not None
    for row in rows:
        made.active.append(list(row))
    made.save(out)
    return out.getvalue()


def columns(came: Came) -> dict[str, str]:
    return {one.column: one.heading for one in came.layout.places}


def scenario(came: Came) -> Scenario:
    assert came.reading.scenario is not None, came.reading.problems
    return came.reading.scenario


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_was_exported_comes_back_equal(form: str) -> None:
    for one in exercise_files.catalogue():
        again = exercise_sheets.take_in(exercise_sheets.give(one, form), "x", GIVEN)
        assert (again.reading.scenario, again.missing, again.layout.unused) == (one, (), ())


words = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).filter(str.strip)
ids = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,6}", fullmatch=True)


@settings(max_examples=25, deadline=None)
@given(words, st.lists(words, max_size=3, unique=True), ids, st.integers(0, 900), st.sampled_from(Tlp), st.data())
def test_any_words_come_back_equal(
    text: str, many: list[str], name: str, at: int, tlp: Tlp, data: st.DataObject
) -> None:
    says = data.draw(st.lists(words, min_size=1, max_size=3).map("\n".join))
    one = Scenario("x", text, says, 60, datetime.fromisoformat("2027-03-09T09:00"), "Etc/UTC", "",
                   (Objective("o", says, (), (), tuple(many)),), (Team(name, text, "BS", tuple(many)),), (),
                   (Inject("i", text, says, at, (name,), tlp, "", text, text, (), tuple(many), text),),
                   (Expectation("e", name, "i", says, at, ("o",), None, (text, text + "2")),))  # fmt: skip
    form = data.draw(st.sampled_from(["xlsx", "csv"]))
    assert scenario(exercise_sheets.take_in(exercise_sheets.give(one, form), "x", GIVEN)) == one


def test_a_list_with_unseen_columns_is_guessed_and_what_it_lacks_is_named() -> None:
    came = exercise_sheets.take_in(sheet(
        ("Operation Coral",), (),
        ("Event #", "Planned Time", "From (simulated)", "Training Audience", "Inject Description",
         "Expected Player Action", "Objective", "Weather"),
        ("1", "09:00", "SOC", "Blue; Green", "The server is down\nand the phone rings", "Call the provider", "Respond"),
        ("", "", "", "", "", "Tell the minister", "Respond;Decide", ""),
        ("2", "09:45", "Press", "Blue", "Is it true?", "", "", "sunny"),
        ("3", "00:30", "SOC", "All", "It is over", "", "", ""),
    ), "coral.csv", GIVEN)  # fmt: skip
    assert columns(came) == {"id": "Event #", "time": "Planned Time", "from": "From (simulated)",
                             "to": "Training Audience", "says": "Inject Description",
                             "expected": "Expected Player Action", "serves": "Objective"}  # fmt: skip
    assert came.layout.unused == ("Weather",)
    one = scenario(came)
    assert [(put.id, put.at, put.to, put.tlp) for put in one.injects] == [
        ("I1", 0, ("blue", "green"), Tlp.GREEN), ("I2", 45, ("blue",), Tlp.GREEN),
        ("I3", 930, ("blue", "green"), Tlp.GREEN)]  # fmt: skip
    assert [(each.after, each.says, each.serves) for each in one.expected] == [
        ("I1", "Call the provider", ("respond",)), ("I1", "Tell the minister", ("respond", "decide"))]  # fmt: skip
    assert [line[:30] for line in came.missing] == [
        "times are counted from 9:00, t", "the team “Blue” has no party: ", "the team “Green” has no party:",
        "no column says how injects are"]  # fmt: skip


FOREIGN = {
    "es": (("N.º", "Hora", "Remitente", "Destinatarios", "Descripción", "Acción esperada"),
           ("4", "T+0:20", "Prensa", "Azul", "¿Es verdad?", "Contestar")),
    "fr": (("Numéro", "Heure", "Expéditeur", "Destinataires", "Contenu", "Action attendue"),
           ("4", "+ 20 min", "Presse", "Bleu", "Est-ce vrai ?", "Répondre")),
    "typed": (("Serial", "Scheduled Time", "Sender", "Recipient", "Event Details", "Expected Responses"),
              (4.0, time(0, 20), "Press", "Blue", "Is it true?", "Answer")),
    "shouted": (("MSEL NO.", "TIME (MIN)", "FROM", "PLAYERS", "DESCRIPTION OF INJECT", "EXPECTED ACTIONS"),
                (4, 20, "Press", "Blue", "Is it true?", "Answer")),
}  # fmt: skip


@pytest.mark.parametrize("rows", FOREIGN.values(), ids=FOREIGN)
def test_headings_of_other_houses_are_known(rows: tuple[tuple[object, ...], ...]) -> None:
    one = scenario(exercise_sheets.take_in(book(*rows), "x.xlsx", GIVEN))
    (put,), (each,) = one.injects, one.expected
    assert (put.id, put.at, put.source[:3], len(put.to), each.after) == ("I4", 20, "Pre", 1, "I4")


def test_a_mapping_wins_over_a_guess_and_a_wrong_one_is_refused() -> None:
    rows = sheet(("Wann", "An", "Text", "Title"), ("0:10", "Blau", "Hallo", "7"))
    came = exercise_sheets.take_in(rows, "x.csv", GIVEN, {"Wann": "time", "An": "to", "Title": "id"})
    (put,) = scenario(came).injects
    assert (put.id, put.at, put.to, put.says, put.title) == ("I7", 10, ("blau",), "Hallo", "Hallo")
    bare = exercise_sheets.take_in(rows, "x.csv", GIVEN)
    assert "no column says “to”" in bare.missing
    for named, says in (({"Wer": "to"}, "there is no column “Wer”; the sheet has Wann, An"),
                        ({"An": "too"}, "“too” is no column of ours; write one of id, time")):  # fmt: skip
        with pytest.raises(SheetRefused, match=says):
            exercise_sheets.take_in(rows, "x.csv", GIVEN, named)
    with pytest.raises(SheetRefused, match="no workbook"):
        exercise_sheets.take_in(b"PK rubbish", "x.xlsx", GIVEN)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["exercise", *map(str, words)])


def test_the_verbs_tell_the_guess_and_what_is_missing(tmp_path: Path) -> None:
    out, again = tmp_path / "coral.yaml", tmp_path / "coral.xlsx"
    (tmp_path / "coral.csv").write_bytes(sheet(("Time", "Audience", "Event", "Mood"), ("0:10", "Blue", "Bang", "")))
    story = ("--begins", "2027-03-09T09:00", "--time-zone", "Etc/UTC")
    first = run("import", tmp_path / "coral.csv", *story, "--out", out)
    assert first.exit_code == 1, "no party, no marking"
    assert "column “Audience” is taken as to (a guess)" in first.stderr
    assert 'column “Mood” is not taken: say what it is with --map "Mood=…"' in first.stderr
    assert "missing: the team “Blue” has no party" in first.stderr
    checked = run("check", out)
    assert checked.exit_code == 1
    assert "lacks: the team blue has no `party`" in checked.stdout
    assert run("export", out, "--out", again).exit_code == 0
    second = run("import", again)
    assert (second.exit_code, second.stdout) == (0, out.read_text(encoding="utf-8"))
    assert run("import", tmp_path / "none.csv").exit_code == 2
    assert run("export", out, "--out", tmp_path / "x.pdf").exit_code == 2
    bad = out.read_text(encoding="utf-8").replace("0:10", "later")
    out.write_text(bad, encoding="utf-8")
    assert "coral.yaml:" in run("export", out, "--out", again).stderr
