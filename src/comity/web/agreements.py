"""Agreements: all of them, and one as a readable text with its life, its parties and its examples."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.acts import agreements as agreement_acts
from comity.acts import law, moments, outlook
from comity.acts.consents import consents_told
from comity.models import Agreement
from comity.policy.agreements import Clause
from comity.policy.examples import run
from comity.policy.life_events import known
from comity.policy.release import Adopted, Moment
from comity.web import clause_words, example_words, words
from comity.web.life_lines import life_line
from comity.web.pages import now, show
from comity.web.sentences import say


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements with every party's standing today."""
    stood = outlook.stand(law.facts(), Moment(now()))
    context = {"room": "agreements", "stood": [{"adopted": one.adopted, "bonds": bonds(one)} for one in stood]}
    return show(request, "agreements/list.html", context)


def bonds(one: outlook.Stood) -> list[dict[str, Any]]:
    """Lay out the standings of an agreement's parties."""
    return [
        {
            "bond": bond,
            "state": words.STATES[bond.standing.state],
            "style": words.state_class(bond.standing.state),
            "says": [say(ground) for ground in bond.standing.grounds],
        }
        for bond in one.bonds
    ]


def found(slug: str) -> Adopted:
    """Find an agreement, or answer that there is none."""
    one = outlook.adopted(slug, Moment(now()))
    if one is None:
        raise Http404(slug)
    return one


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one agreement: what it says, and beside it how it is read."""
    one, moment = found(slug), now()
    row = Agreement.objects.get(slug=slug)
    stood = next(s for s in outlook.stand(law.facts(), Moment(moment)) if s.adopted.slug == slug)
    today = Moment(moment).day(one.agreement.time_zone)
    counting = {dated.event.id for dated in known(one.events, moment)}
    examples = [example_words.tell(one.agreement, result) for result in run(one.agreement)]
    context = {
        "room": "agreements",
        "adopted": one,
        "row": row,
        "agreement": one.agreement,
        "bonds": bonds(stood),
        "line": life_line(one, moment, today),
        "clauses": [_clause(clause) for clause in one.agreement.clauses],
        "terms": clause_words.life_terms(one.agreement),
        "settled": clause_words.settled(one.agreement),
        "events": [
            {"row": event, "recorded": moments.moment(event.recorded_at), "superseded": str(event.pk) not in counting}
            for event in row.events.order_by("-sequence")
        ],
        "consents": consents_told(slug),
        "texts": agreement_acts.told(slug, Moment(moment)).texts,
        "examples": examples,
        "failing": sum(not example.passed for example in examples),
    }
    return show(request, "agreements/one.html", context)


def _clause(clause: Clause) -> dict[str, Any]:
    return {"clause": clause, "notes": clause_words.notes(clause)}


@require_safe
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the agreement's file: the text that holds today, or the one that an amendment (`event`; 0: none) brought."""
    found(slug)
    asked = _text_asked_for(request, Agreement.objects.get(slug=slug))
    answer = HttpResponse(asked, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{slug}.yaml"'
    return answer


def text_of(row: Agreement) -> str:
    """Return the text of an agreement that holds today."""
    return agreement_acts.told(row.slug, Moment(now())).text


def _text_asked_for(request: HttpRequest, row: Agreement) -> str:
    asked = request.GET.get("event", "")
    if not asked:
        return text_of(row)
    texts = agreement_acts.told(row.slug, Moment(now())).texts
    one = next((one for one in texts if str(one.event) == asked), None)
    if one is None:
        raise Http404(asked)
    return one.text
