"""A party: who it is, and everything between it and us, on a day as known on a day."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from comity.acts import between, moments, undertakings
from comity.models import Party
from comity.web import register_words
from comity.web.asking import asking
from comity.web.pages import show, us
from comity.web.world import line

ROWS: Final = 50


@require_safe
def party(request: HttpRequest, code: str) -> HttpResponse:
    """Show one party beside us."""
    one = get_object_or_404(Party.objects.select_related("of"), code=code)
    ask, here = asking(request), us() or one
    compared = between.compare(here, one, ask.asked)
    page = Paginator(compared.instruments, ROWS).get_page(request.GET.get("page"))
    rows = between.beside(here, one, ask.asked, list(page.object_list), compared.shared)
    context = {
        "room": "partners" if one.in_exchange else "world", "ask": ask, "one": one, "ourselves": one == here,
        "rows": [{"one": row.instrument, "ours": line(row.ours), "theirs": line(row.theirs), "shared": row.shared}
                 for row in rows],
        "shared": len(compared.shared), "page": page, "carried": ask.carried,
        "groups_of": between.memberships(one, ask.asked),
        "topics": [(topic, [_fact(fact) for fact in facts]) for topic, facts in between.facts(one, ask.asked)],
        "dealings": between.dealings(here, one, ask.asked),
        "by_clauses": [] if here == one else undertakings.by_clauses_with(one.code, moments.moment(ask.asked.known_at)),
        "bodies": one.bodies.all(),
    }  # fmt: skip
    return show(request, "parties/one.html", context)


def _fact(fact: Any) -> dict[str, Any]:  # noqa: ANN401 - a fact out of a query
    return {"fact": fact, "status": register_words.status(fact.status)}
