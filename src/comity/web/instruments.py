"""Instruments: what a state is said to have agreed, and what the sources say; for reading only."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comity.acts.agreement_files import FileProblemError
from comity.acts.instruments import CATALOGUE, Binds, Status, read_instruments
from comity.web.pages import show

TOLD: Final[dict[Status, tuple[Promise, str, Promise]]] = {  # its words, its style, what it means
    Status.CONFIRMED: (
        _("confirmed"),
        "verdict released",
        _("a register, an official source or membership of the body that adopted it says so"),
    ),
    Status.CLAIMED: (_("claimed"), "verdict ask", _("somebody says so, and no register was read that settles it")),
    Status.CONTRADICTED: (
        _("contradicted"),
        "verdict withheld",
        _("a register, or the nature of the thing, says otherwise"),
    ),
    Status.NOT_FOUND: (_("not found"), "state not-in-force", _("looked for, and not found either way")),
}
BINDS: Final[dict[Binds, Promise]] = {Binds.YES: _("yes"), Binds.NO: _("no"), Binds.UNKNOWN: _("not known")}


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """List the instruments, all or of one status; what is wrong with the catalogue is told with its place."""
    asked = _asked(request.GET.get("status", ""))
    try:
        everything = read_instruments(CATALOGUE)
    except FileProblemError as error:
        broken = {"room": "instruments", "problem": error.problem.at(CATALOGUE.name)}
        return show(request, "instruments/list.html", broken, status=500)
    rows = [
        {"one": one, "status": TOLD[one.status][0], "style": TOLD[one.status][1], "binds": BINDS[one.binds]}
        for one in everything
        if asked in (None, one.status)
    ]
    choices = [
        {"slug": _slug(status), "name": name, "style": style, "means": means, "chosen": status is asked,
         "count": sum(one.status is status for one in everything)}
        for status, (name, style, means) in TOLD.items()
    ]  # fmt: skip
    context = {"room": "instruments", "rows": rows, "choices": choices, "all": len(everything), "filtered": asked}
    return show(request, "instruments/list.html", context)


def _slug(status: Status) -> str:
    return status.value.replace(" ", "-")


def _asked(slug: str) -> Status | None:
    """Read the status that the reader chose; None for all of them."""
    if not slug:
        return None
    for status in Status:
        if _slug(status) == slug:
            return status
    raise Http404(slug)
