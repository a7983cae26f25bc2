"""Taking tables in from files: what each row would do, then all of them or none."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import importing
from comity.acts.agreements import Rejected
from comity.acts.exporting import said
from comity.acts.table_entries import ENTRIES
from comity.acts.table_files import LARGEST
from comity.acts.table_rows import TABLES
from comity.web.choosing import offer
from comity.web.pages import actor, now, officers_only, show
from comity.web.recording import MOST_TURNS, lay_out

MOST_ROWS: Final = 200  # of a preview; the wrong ones come first
DOES: Final = {
    importing.Does.NEW: _("new"), importing.Does.CHANGES: _("changes"), importing.Does.SAME: _("as known"),
    importing.Does.WRONG: _("cannot be taken"),
}  # fmt: skip
RANK: Final = (importing.Does.WRONG, importing.Does.CHANGES, importing.Does.NEW, importing.Does.SAME)


class TableForm(forms.Form):
    """Which table, and its file."""

    table = forms.ChoiceField(label=_("Table"))
    file = forms.FileField(label=_("File: CSV, XLSX or JSON, as it is given here"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the tables: first those that take rows in, then those that are only compared."""
        super().__init__(*args, **kwargs)
        ordered = sorted(TABLES.values(), key=lambda table: (table.key not in ENTRIES, str(table.title)))
        compared = gettext("%(title)s (only compared)")
        named = {one.key: str(one.title) for one in ordered}
        offer(self, "table", [(key, title if key in ENTRIES else compared % {"title": title})
                              for key, title in named.items()])  # fmt: skip


@require_http_methods(["GET", "POST"])
@officers_only
def take_in(request: HttpRequest) -> HttpResponse:
    """Read a table’s file; show what each row would do, then take all of them in."""
    chosen = {"table": request.GET.get("table", "actions")}
    if request.method != "POST":
        return _page(request, TableForm(initial=chosen))
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file, key = form.cleaned_data["file"], form.cleaned_data["table"]
    content, name, record = file.read(LARGEST + 1), file.name or "file", request.POST.get("step") == "record"
    try:
        act = importing.take_in if record else importing.plan
        report = act(key, content, name, actor(request), now())
    except Rejected as error:
        form.add_error("file", list(error.reasons))
        return _page(request, form, status=422)
    if record and report.good:
        taken = report.count(importing.Does.NEW) + report.count(importing.Does.CHANGES)
        messages.success(request, gettext("Taken in: %(count)s rows; the others are as known.") % {"count": taken})
        return redirect("import-table")
    return _page(request, form, report, name, 422 if record else 200)


def _page(request: HttpRequest, form: TableForm, report: importing.Report | None = None, name: str = "",
          status: int = 200) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {"room": "instruments", "form": form, "report": report, "name": name,
                               "tables": sorted(((one.key, one.title) for one in TABLES.values()),
                                                key=lambda pair: str(pair[1]))}  # fmt: skip
    if report is not None:
        rows = sorted(report.rows, key=lambda row: (RANK.index(row.does), row.number))
        context |= {
            "counts": [(DOES[does], report.count(does)) for does in importing.Does if report.count(does)],
            "rows": [_row(row) for row in rows if row.does is not importing.Does.SAME][:MOST_ROWS],
            "turns": [lay_out(turn) for turn in report.turns[:MOST_TURNS]],
            "more": max(0, len(report.turns) - MOST_TURNS),
        }  # fmt: skip
    return show(request, "tables/import.html", context, status)


def _row(row: importing.Row) -> dict[str, Any]:
    changes = [{"column": one.column, "before": said(one.before), "after": said(one.after)} for one in row.changes]
    wrong = row.does is importing.Does.WRONG
    return {"row": row, "does": DOES[row.does], "style": "closes" if wrong else "tag", "changes": changes}
