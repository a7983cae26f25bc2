"""What the rules and the letters say is in the reader’s language too: refusals, letters, reminders, calendars.

The other test of languages sees the texts of templates and calls of gettext; what a pure room says goes by no template.
"""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from comity.acts import agreements, blind_matching, calendars, contacts, reminders, requests, undertakings
from comity.acts.agreements import Rejected
from comity.acts.contacts import Kind, Named
from comity.acts.messages import Refused
from comity.acts.spoken import spoken
from comity.acts.undertakings import Noted, Promised
from comity.models import Action, Instrument, Letter, Source
from comity.policy.blind import Terms
from comity.policy.recurrence import DueRule
from comity.policy.saying import of_error, sentence
from comity.policy.undertaking_words import EntryKind
from tests import messages

ROOT = Path(__file__).parents[2] / "src" / "comity"
SPOKEN = ("undertakings", "undertaking_objections", "recurrence", "life_events", "consents", "dates", "blind",
          "requests")  # fmt: skip
"""The rooms whose refusals an officer reads at the desk."""
CIRCLE = ROOT.parents[1] / "catalogues" / "agreements" / "caribbean-cert-circle.yaml"
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", SPOKEN)
def test_no_refusal_is_said_in_words_that_cannot_be_translated(name: str) -> None:
    tree = ast.parse((ROOT / "policy" / f"{name}.py").read_text(encoding="utf-8"))
    said = [node.exc.args[0] for node in ast.walk(tree)
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args]  # fmt: skip
    said += [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield) and node.value is not None]
    assert [ast.unparse(one) for one in said if isinstance(one, ast.JoinedStr) or _is_text(one)] == []


AT_THE_COMMAND_LINE = frozenset({"register_form", "entry_terms", "practice_file"})
"""The rooms that read files which the desk does not take."""
REPORTED = (
    *(f"policy/{path.stem}" for path in sorted((ROOT / "policy").glob("*.py")) if path.stem not in AT_THE_COMMAND_LINE),
    *(f"acts/{name}" for name in (
        "agreement_files", "blind_matching", "consent_questions", "exercise_files", "exercise_sheets",
        "framework_reading", "frameworks", "recalls", "requests", "reviews")),
)  # fmt: skip
"""The rooms that say what is wrong with what an officer gave at the desk."""
SAYS = frozenset({"add", "note", "wrong", "_wrong", "_refused", "need", "Problem", "Fields", "one_of", "Refused",
                  "JsonProblemError", "Rejected", "SheetRefused", "FrameworkUnknown"})  # fmt: skip


@pytest.mark.parametrize("name", REPORTED)
def test_no_problem_of_a_file_is_said_in_words_that_cannot_be_translated(name: str) -> None:
    tree = ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in SAYS]
    said = [one for node in calls for one in node.args]
    for node in ast.walk(tree):  # what is made ready beforehand: `what = …`
        if isinstance(node, ast.Assign) and {"mend", "why"} & {ast.unparse(one) for one in node.targets}:
            said += [node.value]
    assert [ast.unparse(one) for one in said if _has_words(one) or _is_text(one)] == []


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _has_words(node: ast.expr) -> bool:
    """Tell whether a text with places has words of its own, beside what stands in the places."""
    return isinstance(node, ast.JoinedStr) and any(
        re.search(r"[a-z]{2}", str(part.value)) for part in node.values if isinstance(part, ast.Constant)
    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def test_a_sentence_is_its_english_words_and_knows_its_parts() -> None:
    inner = sentence("a series cannot come back every {period}; write days, weeks, months or years", period="2 hours")
    whole = sentence("{reason}.", reason=inner)
    assert whole == "a series cannot come back every 2 hours; write days, weeks, months or years."
    with translation.override("fr"):
        said = "une série ne peut revenir tous les 2 hours\u00a0; écrivez days, weeks, months ou years."
        assert spoken(whole) == said


def test_an_error_keeps_its_sentence() -> None:
    with pytest.raises(ValueError, match="no day of the calendar") as raised:
        DueRule.read("on 2026-02-30")
    with translation.override("es"):
        assert spoken(of_error(raised.value)).startswith("«2026-02-30» no es un día del calendario")


def promised() -> str:
    row = undertakings.undertake(
        Promised("Reply to the survey", "note 7/2026", rule="on 2027-03-04", owner="officer"), "officer", NOW
    )
    return str(row.uid)


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("language", "begins"), [("es", "2027-03-24 aún no ha llegado"), ("fr", "2027-03-24 n’est pas encore venu")]
)
def test_a_refusal_is_in_the_reader_s_language(language: str, begins: str) -> None:
    key = promised()
    with translation.override(language), pytest.raises(Rejected) as refused:
        undertakings.note(key, Noted(EntryKind.DONE, date(2027, 3, 24)), "officer", NOW)
    assert str(refused.value).startswith(begins)


def closes() -> None:
    convention = Instrument.objects.create(slug="c", kind="convention", bond="treaty", recorded_at=0, title="C")
    source = Source.objects.create(address="https://example.org", read_on=NOW)
    Action.objects.create(instrument=convention, bond="treaty", kind="close of signature", status="confirmed",
                          source=source, recorded_by="test", sequence=1, effective_on=NOW, recorded_at=1)  # fmt: skip


def test_reminders_and_the_feed_are_in_the_language_that_the_person_chose(officer: Client) -> None:
    promised()
    told = officer.post(reverse("mailing"), {"email": "o@example.org", "mode": "each", "language": "es"})
    assert told.status_code == 302, told.content.decode()
    reminders.write(NOW)
    letter = Letter.objects.get(subject__contains="survey")
    assert letter.subject == "Vence el 2027-03-04: Reply to the survey"
    assert "Responsable: officer" in letter.body
    closes()
    opened = calendars.open_feed(User.objects.get(username="officer"), "", NOW)
    feed = officer.get(reverse("feed", args=[opened.secret])).content.decode()
    assert "cierre de la firma" in feed.replace("\r\n ", "")
    assert "close of signature" in officer.get(reverse("public-feed")).content.decode().replace("\r\n ", "")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "has the honour"), ("es", "tiene el honor"), ("fr", "l’honneur")]
)
def test_a_letter_is_in_the_language_that_is_chosen_for_it(officer: Client, language: str, words: str) -> None:
    row = contacts.record(
        "BS", Named(Kind.POLICY, "MFA", "note 1", "Ada", email="ada@example.org"), "officer", datetime.now(UTC)
    )
    page = officer.get(reverse("nomination", args=[row.contact.uid, "oas"]), {"language": language}).content.decode()
    assert words in page
    assert ">Sign out<" in page  # the desk itself stays as it was


def test_every_template_of_the_pure_rooms_is_in_the_file() -> None:
    wanted = {
        singular for (singular, _plural, _context), place in messages.texts().items() if place.startswith("policy/")
    }
    assert "Name the event that came, as the rule names it." in wanted


def test_the_public_feed_is_in_the_language_of_its_address_under_the_same_names(officer: Client) -> None:
    closes()
    feeds = {language: officer.get(reverse("public-feed"), {"language": language}).content.decode().replace("\r\n ", "")
             for language in ("en", "es", "fr")}  # fmt: skip
    assert all(words in feeds[language] for language, words in (
        ("en", "close of signature"), ("es", "cierre de la firma"), ("fr", "clôture de la signature")))  # fmt: skip
    uids = [[line for line in feed.splitlines() if line.startswith(("UID", "SEQUENCE"))] for feed in feeds.values()]
    assert uids[0] == uids[1] == uids[2] != []
    assert officer.get(reverse("public-feed"), {"language": "tlh"}).status_code == 404


@pytest.mark.usefixtures("officer")
def test_refusals_of_requests_and_blind_matches_are_in_the_reader_s_language() -> None:
    with translation.override("fr"):
        with pytest.raises(Refused) as asked:
            requests.ask(requests.Asked("ZZ", "preservation", ""), "officer", NOW)
        with pytest.raises(Refused) as matched:
            blind_matching.offer("ZZ", Terms("count", ()), "officer", NOW)
    for words in ("dites ce qui est demandé", "l’autorité qui", "il n’y a pas de partenaire «\u00a0ZZ\u00a0» ici"):
        assert words in str(asked.value)
    assert str(matched.value) == "aucun accord en vigueur ne nous lie à «\u00a0ZZ\u00a0»\u00a0: rien n’est comparé"


POLITE = {
    "es": "`force` (el archivo) contiene el texto «polite», que no es una de sus palabras. "
          "Para corregirlo: escriba «political» si es lo que quería.",
    "fr": "`force` (le fichier) contient le texte «\u00a0polite\u00a0», qui n’est pas l’un de ses mots. "
          "Correction\u00a0: écrivez «\u00a0political\u00a0» si c’est ce qui était voulu.",
    "en": "`force` of the file is the text “polite”, which is not one of its words. "
          "Mend: write “political” if that was meant.",
}  # fmt: skip


@pytest.mark.parametrize("language", POLITE)
def test_what_is_wrong_with_an_agreement_s_text_is_told_in_the_reader_s_language(language: str) -> None:
    text = CIRCLE.read_text(encoding="utf-8").replace("force: political", "force: polite").encode()
    with translation.override(language), pytest.raises(Rejected) as refused:
        agreements.adopt(text, "f", "officer", NOW)
    assert POLITE[language] in str(refused.value)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_framework_and_answers_that_cannot_be_read_are_told_in_the_reader_s_language(
    officer: Client, language: str
) -> None:
    officer.post(reverse("set_language"), {"language": language, "next": "/"})
    for address, said in (
        ("frameworks", b"framework: x\nedition: 1\nparts: []\n"),
        ("capacity-take-in", b'{"catalog": [}'),
    ):
        page = officer.post(
            reverse(address), {"file": SimpleUploadedFile("f.yaml", said)}, follow=True
        ).content.decode()
        assert {"es": "Para corregirlo: ", "fr": "Correction\u00a0: "}[language] in page
        assert "Mend: " not in page
