"""The claims inbox: documents that were checked, what they say, and taking a claim into the register with one click."""

from collections import Counter
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import claim_inbox, moments, names
from comity.acts.claims import LARGEST
from comity.claims.judging_acts import KINDS, past
from comity.claims.reading import Unreadable
from comity.claims.register import Act
from comity.models import CheckedDocument, FoundClaim
from comity.web.choosing import LONG
from comity.web.pages import actor, now, officers_only, show

ROOM: Final = "claims"
VERDICTS: Final = {
    "confirmed": (_("confirmed"), "in-force"),
    "partly": (_("partly"), "suspended"),
    "contradicted": (_("contradicted"), "ended"),
    "category error": (_("category error"), "ended"),
    "not found": (_("not found"), "not-in-force"),
    "": (_("no claim of fact"), "provisional"),
}
ACTS: Final = {
    "signed": _("signed"),
    "ratified": _("ratified"),
    "acceded": _("acceded to"),
    "party": _("is a party to"),
    "invited to accede": _("was invited to accede to"),
    "withdrew": _("withdrew from"),
    "member": _("is a member of"),
    "endorsed": _("endorsed"),
    "took part": _("took part in"),
    "hosted": _("hosted"),
    "concluded": _("concluded"),
    "made": pgettext_lazy("a body, a model", "made"),
    "adopted": pgettext_lazy("a law, a strategy", "adopted"),
    "worked with": _("worked"),
    "helped": _("helped"),
    "is a kind of": _("is said to be of this kind:"),
    "found gaps": _("found gaps with"),
    "gave priority": _("gave priority to this:"),
    "made part of its policy": _("made this part of its policy:"),
}
SENSES: Final = {
    "stated": _("stated"),
    "denied": _("denied"),
    "reported": pgettext_lazy("a statement", "reported"),
    "planned": _("planned"),
    "possible": _("possible"),
    "conditional": _("conditional"),
    "urged": _("urged"),
    "asked": pgettext_lazy("a statement", "asked"),
}

DEEDS: Final = {past(act): ACTS[act.value] for act in Act}
"""Acts by the words that grounds have for them."""


class DocumentForm(forms.Form):
    """A document to check: a file, or its text."""

    file = forms.FileField(label=_("File: text, Markdown, HTML, PDF or DOCX"), required=False)
    text = forms.CharField(label=_("Or its text"), required=False, widget=LONG)
    title = forms.CharField(label=_("What it is called"), required=False, max_length=300)
    address = forms.URLField(label=_("Address at which it was read"), required=False, assume_scheme="https")

    def given(self) -> claim_inbox.Given | None:
        """Give the document; None where the form holds none that can be taken, with the error in it."""
        if not self.is_valid():
            return None
        file, text = self.cleaned_data["file"], self.cleaned_data["text"]
        title, address = self.cleaned_data["title"], self.cleaned_data["address"]
        if file is None and not text.strip():
            self.add_error("file", gettext("Choose a file, or paste the text."))
            return None
        if file is not None and file.size > LARGEST:
            self.add_error("file", gettext("The file is larger than 20 MB: cut it into parts."))
            return None
        if file is not None:
            return claim_inbox.Given(title or file.name, file.read(), address)
        return claim_inbox.Given(title or gettext("Pasted text"), text.encode(), address)


@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """List the documents that were checked; take a new one."""
    return _check(request) if request.method == "POST" else _inbox(request, DocumentForm())


@officers_only
def _check(request: HttpRequest) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES)
    given = form.given()
    if given is None:
        return _inbox(request, form)
    try:
        made = claim_inbox.check(given, actor(request), now())
    except Unreadable as error:
        form.add_error(None, gettext("The document cannot be read: %(why)s.") % {"why": error})
        return _inbox(request, form)
    return redirect("claims-of", number=made.pk)


def _inbox(request: HttpRequest, form: DocumentForm) -> HttpResponse:
    rows = [
        {"document": one, "at": moments.moment(one.recorded_at), "open": sum(map(_is_open, one.claims.all())),
         "all": len(one.claims.all())}
        for one in claim_inbox.documents()
    ]  # fmt: skip
    status = 200 if not form.errors else 422
    return show(request, "claims/list.html", {"room": ROOM, "rows": rows, "form": form}, status=status)


def _is_open(claim: FoundClaim) -> bool:
    return not hasattr(claim, "decision")


@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a document says, with what the register made of each statement and what was done with it."""
    found = _document(number)
    claims = found.claims.select_related("decision", "decision__action__instrument", "decision__fact")
    rows = [_lay_out(found, one) for one in claims]
    tally = Counter(row["one"].verdict for row in rows)
    counts = [
        {"label": label, "style": style, "count": tally[verdict]}
        for verdict, (label, style) in VERDICTS.items()
        if tally[verdict]
    ]
    context = {"room": ROOM, "document": found, "rows": rows, "counts": counts,
               "at": moments.moment(found.recorded_at)}  # fmt: skip
    return show(request, "claims/one.html", context)


def _document(number: int) -> CheckedDocument:
    found = CheckedDocument.objects.select_related("source").filter(pk=number).first()
    if found is None:
        raise Http404(number)
    return found


def _lay_out(found: CheckedDocument, one: FoundClaim) -> dict[str, Any]:
    label, style = VERDICTS[one.verdict]
    when = ""
    if one.first_day and one.last_day:
        same_year = one.first_day.year == one.last_day.year
        when = f"{one.first_day:%Y}" if same_year else f"{one.first_day:%Y}–{one.last_day:%Y}"
        when = one.first_day.isoformat() if one.first_day == one.last_day else when
    return {
        "one": one,
        "verdict": label,
        "style": style,
        "who": names.called(one.subject or one.object),
        "what": names.called(one.object) if one.subject else "",
        "partner": names.called(one.partner),
        "act": ACTS.get(one.act, one.act),
        "sense": SENSES[one.sense],
        "when": when,
        "sentence": found.text[one.start : one.end],
        "grounds": [_ground(each) for each in one.grounds],
        "settles": gettext(one.settles) if one.settles else "",
        "decision": getattr(one, "decision", None),
    }


def _ground(each: dict[str, Any]) -> dict[str, Any]:
    """Say a ground in the reader’s language; what an officer or a source wrote (`words`) stays as it was written."""
    told, sentence = dict(each["params"]), each["key"]
    if "act" in told:
        told["act"] = DEEDS.get(told["act"], told["act"])
    kind = told.get("kind")
    if kind in KINDS:
        told |= {"kind": gettext(kind)}
    if "sense" in told:
        told["sense"] = SENSES.get(told["sense"], told["sense"])
    return {"says": gettext(sentence).format(**told), "sources": each["sources"], "english": "words" in told}


def _claim(number: int, place: int) -> FoundClaim:
    found = FoundClaim.objects.select_related("document__source").filter(document_id=number, place=place).first()
    if found is None:
        raise Http404(place)
    return found


@require_POST
@officers_only
def accept(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Take a claim into the register, as a claim."""
    try:
        claim_inbox.accept(_claim(number, place), actor(request), now())
    except claim_inbox.NotTaken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("It stands in the register as a claim, with the document as its source."))
    return redirect("claims-of", number=number)


@require_POST
@officers_only
def set_aside(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Leave a claim out of the register."""
    try:
        claim_inbox.set_aside(_claim(number, place), actor(request), now())
    except claim_inbox.NotTaken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("It was set aside."))
    return redirect("claims-of", number=number)
