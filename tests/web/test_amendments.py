"""An officer amends a text at the desk: shown first, then recorded; both texts stay to be read."""

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from comity.models import Agreement, AgreementText

MOU = "bs-xa-cyber-mou"
TODAY = datetime.now(UTC).date()


def told(**other: str) -> dict[str, str]:
    text = Agreement.objects.get(slug=MOU).text
    short = text[: text.index("\nexamples:")].replace("tlp_up_to: AMBER\n", "tlp_up_to: GREEN\n", 1)
    day = (TODAY - timedelta(days=2)).isoformat()
    return {"effective_on": day, "source": "Protocol 1", "text": short.replace("\n", "\r\n") + "\r\n", **other}


def test_an_amendment_is_previewed_recorded_and_read(officer: Client) -> None:
    where = reverse("amendment", args=[MOU])
    assert "The whole text as amended" in officer.get(where).content.decode()
    shown = officer.post(where, told(step="preview")).content.decode()
    assert 'class="closes"' in shown
    assert AgreementText.objects.count() == 0
    done = officer.post(where, told(step="record"), follow=True).content.decode()
    assert "Recorded: the amended text" in done
    assert "Its texts" in done
    row = AgreementText.objects.get()
    assert "\r" not in row.text
    texts = reverse("agreement-text", args=[MOU])
    assert officer.get(texts).content.decode() == row.text
    assert officer.get(texts, {"event": "0"}).content.decode() == Agreement.objects.get(slug=MOU).text
    assert officer.get(texts, {"event": "999999"}).status_code == 404


def test_a_text_that_is_wrong_is_refused_with_its_place(officer: Client) -> None:
    where = reverse("amendment", args=[MOU])
    for step in ("preview", "record"):
        answer = officer.post(where, told(step=step, text="agreement: x\n"))
        assert answer.status_code == 422
        assert "the text:1:1: the file lacks" in answer.content.decode()
        assert officer.post(where, told(step=step, source="")).status_code == 422
    assert AgreementText.objects.count() == 0


def test_an_auditor_amends_nothing(auditor: Client) -> None:
    assert auditor.post(reverse("amendment", args=[MOU]), told(step="record")).status_code == 403
