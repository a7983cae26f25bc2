"""The claims inbox: a document is checked, its claims shown, one is taken into the register, another set aside."""

from io import BytesIO

import pytest
from django.test import Client

from comity.acts import catalogues, claim_inbox, claim_register, claims
from comity.acts.example_state import Made
from comity.environment import ROOT
from comity.models import Action, CheckedDocument, ClaimDecision, Fact, FoundClaim
from comity.web.pages import now

ARTICLE = (ROOT / "catalogues" / "example" / "article.txt").read_bytes()


def upload(client: Client, content: bytes = ARTICLE, name: str = "article.txt") -> str:
    file = BytesIO(content)
    file.name = name
    answer = client.post("/claims/", {"file": file, "address": "https://example.org/article"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


@pytest.fixture
def register(bahamas: Made) -> None:
    assert bahamas
    catalogues.load(catalogues.files(), "test", now())


def test_a_document_is_checked_and_its_claims_are_shown(officer: Client) -> None:
    place = upload(officer)
    page = officer.get(place).content.decode()
    assert page.count('<tr id="claim-') == 13
    assert "Not a party and not a signatory" in page
    assert "category error" in page
    assert "https://www.coe.int/en/web/cybercrime/the-budapest-convention" in page
    assert "article.txt" in officer.get("/claims/").content.decode()


@pytest.mark.parametrize(("language", "said"), [
    ("es", ("nadie firma, ratifica ni se adhiere", "el registro no tiene nada sobre esto", "es miembro de")),
    ("fr", ("nul ne signe, ne ratifie", "le registre n’a rien à ce sujet", "est membre de")),
])  # fmt: skip
def test_grounds_and_what_would_settle_a_claim_are_in_the_readers_language(
    officer: Client, language: str, said: tuple[str, ...]
) -> None:
    text = (b"The Bahamas is a member of CARICOM. The Bahamas signed the UN Group of Governmental Experts. "
            b"Kenya endorsed the Paris Call. The Bahamas signed an MoU with Norway on cyber security.")  # fmt: skip
    place = upload(officer, text, "short.txt")
    officer.post("/i18n/setlang/", {"language": language, "next": "/"})
    page = officer.get(place).content.decode()
    for words in said:
        assert words in page
    for claim in FoundClaim.objects.filter(document__name="short.txt"):
        assert not claim.settles or claim.settles not in page
        for ground in claim.grounds:
            english = ground["key"].format(**ground["params"])
            untold = "words" in ground["params"] or ground["key"].startswith("{party} {act}")
            assert untold or english not in page


def test_the_same_document_is_read_once(officer: Client) -> None:
    assert upload(officer) == upload(officer, name="again.txt")
    assert CheckedDocument.objects.count() == 1


@pytest.mark.usefixtures("register")
def test_an_accepted_claim_stands_in_the_register_as_a_claim(officer: Client) -> None:
    place = upload(officer)
    claim = FoundClaim.objects.get(object_ref="budapest")
    before = Action.objects.filter(instrument__slug="budapest", party="BS").count()
    officer.post(f"{place}{claim.place}/accept/")
    added = Action.objects.filter(instrument__slug="budapest", party="BS").latest("pk")
    assert Action.objects.filter(instrument__slug="budapest", party="BS").count() == before + 1
    assert (added.kind, added.status, added.source.address) == ("signature", "claimed", "https://example.org/article")
    assert added.says.startswith("The Bahamas has put its signature")
    again = officer.post(f"{place}{claim.place}/accept/", follow=True)
    assert "Something was done with this claim already" in again.content.decode()
    assert ClaimDecision.objects.count() == 1


@pytest.mark.usefixtures("register")
def test_what_is_about_no_instrument_becomes_a_fact(officer: Client) -> None:
    place = upload(officer)
    claim = FoundClaim.objects.get(act="concluded")
    officer.post(f"{place}{claim.place}/accept/")
    fact = Fact.objects.latest("pk")
    assert (fact.party_id, fact.counterpart_id, fact.status) == ("BS", "US", "claimed")
    assert (str(fact.effective_on), fact.precision) == ("2017-12-31", "year")


def test_a_claim_whose_subject_is_no_party_is_not_taken(officer: Client) -> None:
    place = upload(officer, b"Narnia Research Centre developed the CMM. Kenya signed the Paris Call.", "a.txt")
    claim = FoundClaim.objects.get(act="made")
    answer = officer.post(f"{place}{claim.place}/accept/", follow=True)
    assert "is no party of the register" in answer.content.decode()
    assert not ClaimDecision.objects.exists()


def test_a_claim_is_set_aside(officer: Client) -> None:
    place = upload(officer)
    page = officer.post(f"{place}1/set-aside/", follow=True).content.decode()
    assert "It was set aside." in page
    assert ClaimDecision.objects.get().kind == "set aside"


def test_text_may_be_pasted(officer: Client) -> None:
    answer = officer.post("/claims/", {"text": "Ghana signed the UN Convention against Cybercrime."}, follow=True)
    assert answer.content.decode().count('<tr id="claim-') == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [({}, "Choose a file, or paste the text."), ({"file": b"\xff\xff"}, "The document cannot be read")],
)
def test_what_cannot_be_checked_is_told_and_nothing_is_stored(
    officer: Client, sent: dict[str, bytes], says: str
) -> None:
    files = {name: BytesIO(content) for name, content in sent.items()}
    answer = officer.post("/claims/", files)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not CheckedDocument.objects.exists()


def test_an_auditor_reads_and_changes_nothing(auditor: Client) -> None:
    assert auditor.get("/claims/").status_code == 200
    assert auditor.post("/claims/", {"text": "Kenya signed the Paris Call."}).status_code == 403
    assert auditor.post("/claims/1/1/accept/").status_code == 403
    assert not CheckedDocument.objects.exists()


@pytest.mark.parametrize("path", ["/claims/77/", "/claims/77/1/accept/"])
def test_what_is_not_there_is_not_found(officer: Client, path: str) -> None:
    answer = officer.post(path) if path.endswith("accept/") else officer.get(path)
    assert answer.status_code == 404


@pytest.mark.usefixtures("register")
def test_the_register_of_the_store_judges_as_the_shipped_one_does(officer: Client) -> None:
    assert officer
    stored, shipped = claim_register.read(now().date()), claims.register_value(now().date())
    assert stored is not None
    for name, content in documents():
        answers = [
            [(one.statement, one.verdict) for one in claims.check(name, content, known).judged]
            for known in (stored, shipped)
        ]
        assert answers[0] == answers[1], name


def documents() -> list[tuple[str, bytes]]:
    folder = ROOT / "tests" / "claims" / "articles"
    articles = sorted(path for path in folder.glob("*.*") if path.suffix != ".yaml")  # beside each lie its labels
    return [("article.txt", ARTICLE)] + [(path.name, path.read_bytes()) for path in articles]


@pytest.mark.usefixtures("register")
def test_a_claim_that_was_accepted_bears_out_no_claim(officer: Client) -> None:
    text = b"Kenya signed the Paris Call in 2019."
    place = upload(officer, text, "a.txt")
    officer.post(f"{place}1/accept/")
    again = FoundClaim.objects.get(document__digest=claim_inbox.check(
        claim_inbox.Given("b.txt", text + b" "), "officer", now()).digest)  # fmt: skip
    assert again.verdict == "not found"
