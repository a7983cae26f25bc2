"""Amending an agreement: its text to be changed, what the new one would open and close for partners, and the act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts.agreements import Happened, Rejected, amend, amendable
from comity.acts.previewing import Effect, preview
from comity.models import Agreement
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.release import Adopted
from comity.web.agreements import found, text_of
from comity.web.events import DAY, lay_out
from comity.web.pages import actor, now, officers_only, partners, show

SUPPOSED = "supposed"


class AmendmentForm(forms.Form):
    """The amended text, and from when and by what it holds."""

    effective_on = forms.DateField(label=_("Holds from"), widget=DAY)
    source = forms.CharField(label=_("Source: the instrument that amends it"))
    text = forms.CharField(label=_("The whole text as amended"), strip=False,
                           widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}))  # fmt: skip

    @property
    def content(self) -> bytes:
        """Return the text as a file; a form sends its lines with two characters at their ends."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").encode()


@require_http_methods(["GET", "POST"])
@officers_only
def amendment(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text that holds, to be changed; then what the change would do; then record it."""
    adopted = found(slug)
    if request.method != "POST":
        given = {"effective_on": now().date(), "text": text_of(Agreement.objects.get(slug=slug))}
        return _page(request, adopted, AmendmentForm(initial=given), None)
    form = AmendmentForm(request.POST)
    if not form.is_valid():
        return _page(request, adopted, form, None, 422)
    told = form.cleaned_data
    happened = Happened(EventKind.AMENDMENT, told["effective_on"], told["source"])
    try:
        if request.POST.get("step") == "record":
            row = amend(slug, form.content, gettext("the text"), happened, actor(request), now())
            said = gettext("Recorded: the amended text of “%(name)s” holds from %(day)s.")
            messages.success(request, said % {"name": adopted.agreement.name, "day": row.effective_on})
            return redirect("agreement", slug)
        amended = amendable(slug, form.content, gettext("the text"), happened, now())
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, adopted, form, None, 422)
    event = LifeEvent(happened.kind, happened.effective_on, now(), happened.source, id=SUPPOSED)
    effects = preview(slug, event, now(), [p.code for p in partners()], amended)
    return _page(request, adopted, form, effects)


def _page(
    request: HttpRequest, adopted: Adopted, form: AmendmentForm, effects: tuple[Effect, ...] | None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "room": "agreements",
        "adopted": adopted,
        "agreement": adopted.agreement,
        "form": form,
        "wide": True,  # a whole text is typed into it
        "effects": None if effects is None else lay_out(effects),
    }
    return show(request, "agreements/amendment.html", context, status)
