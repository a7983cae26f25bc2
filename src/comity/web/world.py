"""The world: where states stand to one instrument, or what they share with us, on a map and in a table."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.acts import names, readings
from comity.models import Instrument, Party
from comity.policy.participation import ActionKind, Stand
from comity.web import register_words, shapes
from comity.web.asking import Asking, asking
from comity.web.pages import show, us

ROWS: Final = 50
LEVELS: Final = (1, 2, 4, 6, 9)
"""From how many shared instruments a state is drawn one shade darker."""


@require_safe
def world(request: HttpRequest) -> HttpResponse:
    """Show the world on a day, as known on a day: for one instrument, or what each state shares with us."""
    ask, group, here = asking(request), request.GET.get("group", ""), us()
    instrument = _instrument(request.GET.get("instrument", ""))
    wanted = _stand(request.GET.get("stand", ""))
    parties = readings.states(group, ask.asked)
    if instrument is not None:
        lines, drawn = _standing(ask, instrument, parties, wanted)
        counts = readings.tally(ask.asked, instrument)
    else:
        lines, drawn = _sharing(ask, here.code if here else "", parties)
        counts = {}
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    context = {
        "room": "world", "ask": ask, "instrument": instrument, "group": group, "page": page, "all": len(lines),
        "instruments": _choices(instrument), "wanted": wanted,
        "groups_of": names.by_name(Party.objects.filter(kind="group", memberships__isnull=False).distinct()),
        "drawn": drawn, "ours": here.code.lower() if here else "",
        "shapes": {"world": shapes.WORLD, "caribbean": shapes.CARIBBEAN, "at": reverse("shapes")},
        "near": [(code, style) for code, style in drawn if code.upper() in shapes.NEAR],
        "legend": _legend(counts, instrument), "says": _says(ask, instrument, lines),
        "wanted_style": register_words.style(wanted) if wanted else "",
        "carried": _carried(request), "levels": LEVELS,
    }  # fmt: skip
    return show(request, "world/world.html", context)


def _choices(chosen: Instrument | None) -> SafeString:
    """Write every instrument as a choice: a thousand of them are written here ten times as fast as by a template."""
    rows = Instrument.objects.order_by().values_list("slug", "short", "title")
    said = [
        (slug, names.called(short or title)) for slug, short, title in names.by_name(rows, lambda one: one[1] or one[2])
    ]
    selected = chosen.slug if chosen is not None else ""
    return mark_safe(  # noqa: S308 - each text in it is escaped here
        "".join(
            [
                f'<option value="{escape(slug)}"{" selected" if slug == selected else ""}>{escape(name)}</option>'
                for slug, name in said
            ]
        )
    )


def _instrument(slug: str) -> Instrument | None:
    if not slug:
        return None
    found = Instrument.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return found


def _stand(text: str) -> Stand | None:
    return next((stand for stand in Stand if register_words.style(stand) == text), None)


def _carried(request: HttpRequest) -> str:
    """Give the address's question without its page, for the links that turn pages."""
    said = request.GET.copy()
    said.pop("page", None)
    return f"{said.urlencode()}&" if said else ""


def _standing(
    ask: Asking, instrument: Instrument, parties: Sequence[Party], wanted: Stand | None
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    found = readings.cells(ask.asked, [instrument], parties).values()
    drawn = [(cell.party.code, register_words.style(cell.stand)) for cell in found]
    lines = [line(cell) for cell in found if wanted in (None, cell.stand)]
    return lines, _on_the_map(drawn)


def line(cell: readings.Cell) -> dict[str, Any]:
    """Lay out a cell for a row of a table."""
    return {"cell": cell, "stand": register_words.STANDS[cell.stand], "style": register_words.style(cell.stand),
            "doubts": [(*register_words.status(doubt.status), doubt, register_words.ACTIONS[ActionKind(doubt.kind)])
                       for doubt in cell.doubts]}  # fmt: skip


def _sharing(ask: Asking, here: str, parties: Sequence[Party]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    counted = readings.shared(here, ask.asked)
    others = [(party, counted.get(party.code)) for party in parties if party.code != here]
    others.sort(key=lambda one: -(one[1].binding + one[1].political) if one[1] else 0)
    lines = [{"party": party, "shared": found} for party, found in others]
    drawn = [(one.party, _level(one.binding + one.political)) for one in counted.values()]
    return lines, _on_the_map([*drawn, (here, "here")])


def _level(number: int) -> str:
    return f"level-{sum(number >= least for least in LEVELS)}"


def _on_the_map(drawn: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keep what the map has a shape of; a mark beside the shape where the state is small."""
    there, small = shapes.codes(), shapes.marked()
    told = dict(drawn)
    plain = [(code.lower(), told.get(code, "none")) for code in sorted(there)]
    return plain + [(f"{code.lower()}-mark", told[code]) for code in sorted(small & told.keys())]


def _legend(counts: dict[str, int], instrument: Instrument | None) -> list[dict[str, Any]]:
    if instrument is None:
        return []
    return [{"stand": register_words.STANDS[stand], "style": register_words.style(stand), "count": counts[stand.value]}
            for stand in Stand if stand.value in counts]  # fmt: skip


def _says(ask: Asking, instrument: Instrument | None, lines: Sequence[object]) -> str:
    """Say in one sentence what the map shows, for those who do not see it."""
    day = ask.on.isoformat()
    if instrument is None:
        return _("Map of the world: how many instruments hold each state and us alike on %(day)s.") % {"day": day}
    said = ngettext("Map of the world: where %(count)d state stands to “%(name)s” on %(day)s.",
                    "Map of the world: where %(count)d states stand to “%(name)s” on %(day)s.", len(lines))  # fmt: skip
    return said % {"count": len(lines), "name": names.named(instrument), "day": day}
