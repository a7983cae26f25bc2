"""Contacts: who answers for whom, how far that can be relied on, and letters that name one to a directory."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import contacts, moments, nominations
from comity.acts.agreements import Rejected
from comity.acts.contacts import Kind, Known, Named, Tried
from comity.models import ContactCheck
from comity.policy.contacts import in_words
from comity.web.choosing import DAY, offer, parties
from comity.web.pages import actor, now, officers_only, show, us
from comity.web.sentences import word

ROOM: Final = "contacts"


def lay_out(one: Known) -> dict[str, Any]:
    """Lay out a contact for a list: with its freshness, its last word, and how long its last answer took."""
    answers = [check for check in one.checks if check.kind == ContactCheck.Kind.PING and check.answered_at is not None]
    took = moments.moment(answers[-1].answered_at or 0) - moments.moment(answers[-1].asked_at) if answers else None
    return {
        "one": one,
        "style": one.reliance.freshness.value.replace(" ", "-"),
        "took": in_words(took) if took is not None else "",
        "open": [check for check in one.checks if check.answered_at is None],
    }


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the contacts, of one kind where it is chosen; those that are none any more are left out."""
    moment, kind = now(), request.GET.get("kind", "")
    found = contacts.standing(contacts.known(moment), moment.date())
    shown = [lay_out(one) for one in found if not kind or one.version.kind == kind]
    choices = [{"kind": name, "label": word(name), "chosen": name == kind,
                "count": sum(one.version.kind == name for one in found)} for name in Kind.values]  # fmt: skip
    context = {"room": ROOM, "rows": shown, "choices": choices, "chosen": kind, "all": len(found)}
    return show(request, "contacts/list.html", context)


def _found(uid: str) -> Known:
    found = contacts.find(uid, now())
    if found is None:
        raise Http404(uid)
    return found


@require_safe
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """Show one contact with its checks and what was known of it before."""
    found = _found(uid)
    checks = [
        {"check": check, "asked": moments.moment(check.asked_at),
         "answered": moments.moment(check.answered_at) if check.answered_at is not None else None,
         "took": in_words(moments.moment(check.answered_at) - moments.moment(check.asked_at))
         if check.answered_at is not None else ""}
        for check in reversed(found.checks)
    ]  # fmt: skip
    before = [
        {"version": row, "recorded": moments.moment(row.recorded_at)}
        for row in found.contact.versions.order_by("-id").exclude(pk=found.version.pk)
    ]
    context = {"room": ROOM, "row": lay_out(found), "found": found, "version": found.version, "checks": checks,
               "before": before, "ours": found.contact.party == us(),
               "directories": list(nominations.DIRECTORIES)}  # fmt: skip
    return show(request, "contacts/one.html", context)


class ContactForm(forms.Form):
    """A contact, as an officer writes it down."""

    party = forms.ChoiceField(label=_("Whose contact"))
    kind = forms.ChoiceField(label=_("Kind"))
    institution = forms.CharField(label=_("Institution"), max_length=200)
    position = forms.CharField(label=_("Official position"), required=False, max_length=200)
    name = forms.CharField(label=_("Full name; empty for a post on duty"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=60)
    hours = forms.CharField(label=_("When it answers"), required=False, max_length=120)
    languages = forms.CharField(label=_("Languages"), required=False, max_length=120)
    directories = forms.CharField(label=_("Stands in the directories"), required=False, max_length=300)
    ended_on = forms.DateField(label=_("Last day, if it is a contact no more"), required=False, widget=DAY)
    source = forms.CharField(label=_("Source"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer parties and kinds."""
        super().__init__(*args, **kwargs)
        offer(self, "party", parties())
        offer(self, "kind", [(kind, word(kind)) for kind in Kind.values])


@require_http_methods(["GET", "POST"])
@officers_only
def new(request: HttpRequest) -> HttpResponse:
    """Record a contact."""
    if request.method != "POST":
        here = us()
        return _form(request, ContactForm(initial={"party": here.pk if here else ""}), None)
    return _record(request, None)


@require_http_methods(["GET", "POST"])
@officers_only
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """Record what is known of a contact from now on."""
    found = _found(uid)
    if request.method != "POST":
        told = {name: getattr(found.version, name, "") for name in ContactForm.base_fields}
        started = {**told, "party": found.contact.party_id, "source": ""}
        return _form(request, ContactForm(initial=started), found)
    return _record(request, found)


def _record(request: HttpRequest, found: Known | None) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _form(request, form, found, 422)
    told = dict(form.cleaned_data)
    party = told.pop("party")
    try:
        row = contacts.record(party, Named(**told), actor(request), now(), str(found.contact.uid) if found else "")
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _form(request, form, found, 422)
    messages.success(request, gettext("Recorded."))
    return redirect("contact", str(row.contact.uid))


def _form(request: HttpRequest, form: ContactForm, found: Known | None, status: int = 200) -> HttpResponse:
    return show(request, "contacts/form.html", {"room": ROOM, "form": form, "found": found}, status)


@require_POST
@officers_only
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """Record a ping, its answer, or a look at the source."""
    found, step = _found(uid), request.POST.get("step", "")
    note, means = request.POST.get("note", ""), request.POST.get("means", "")
    number = request.POST.get("number", "")
    if step in {"answered", "returned"} and number.isdigit():
        contacts.answered(int(number), now(), holds=step == "answered")
    elif step == "ping":
        contacts.check(uid, Tried(means=means, note=note), actor(request), now())
    elif step in {"holds", "wrong"}:
        tried = Tried(ContactCheck.Kind.LOOK, note=note, holds=step == "holds")
        contacts.check(uid, tried, actor(request), now())
    else:
        raise Http404(step)
    messages.success(request, gettext("Recorded."))
    return redirect("contact", str(found.contact.uid))


@require_safe
def nomination(request: HttpRequest, uid: str, directory: str) -> HttpResponse:
    """Show the letter that names a contact to a directory, ready to be copied and sent."""
    found = _found(uid)
    if directory not in nominations.DIRECTORIES:
        raise Http404(directory)
    languages = dict(settings.LANGUAGES)
    chosen = request.GET.get("language", get_language() or "en")
    language = chosen if chosen in languages else "en"
    with translation.override(language):
        letter = nominations.DIRECTORIES[directory](found.contact, found.version, now().date())
    missing = nominations.DIRECTORIES[directory](found.contact, found.version, now().date()).missing
    context = {"room": ROOM, "found": found, "version": found.version, "letter": letter, "missing": missing,
               "directory": directory.upper(), "languages": settings.LANGUAGES, "language": language}  # fmt: skip
    return show(request, "contacts/nomination.html", context)
