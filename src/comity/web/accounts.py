"""The account with a partner under one agreement in one year, beside what the partner states of it."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity.acts import accounts
from comity.acts.agreements import Rejected
from comity.models import Party
from comity.web.pages import actor, now, officers_only, show


def _drawn_up(slug: str, code: str, year: int) -> accounts.Account:
    try:
        return accounts.account(slug, code, year, now())
    except Rejected as error:
        raise Http404(str(error)) from error


@require_safe
def account(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show the account of a year, this year where none is asked for."""
    asked = request.GET.get("year", "")
    one = _drawn_up(slug, code, int(asked) if asked.isdecimal() and len(asked) == len("2026") else now().year)
    context: dict[str, Any] = {
        "room": "agreements", "account": one, "partner": Party.objects.get(pk=code), "years": accounts.years(),
        "compared": accounts.compare(one),
        "times": [{"ours": ours, "step": step, "count": count, "in_time": in_time}
                  for ours, step, count, in_time in accounts.answer_times(one.answers)],
        "flows": [{"way": "given", "lines": one.given, "total": one.given_total},
                  {"way": "received", "lines": one.received, "total": one.received_total}],
    }  # fmt: skip
    return show(request, "agreements/account.html", context)


@require_POST
@officers_only
def send(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """State our account of a year to the partner."""
    year = int(request.POST["year"]) if request.POST.get("year", "").isdecimal() else now().year
    _drawn_up(slug, code, year)
    row = accounts.send(slug, code, year, actor(request), now())
    messages.success(request, gettext("Sent, and written into their log."))
    return redirect("thread", row.uuid)


@require_safe
def table(request: HttpRequest, slug: str, code: str, year: int) -> HttpResponse:
    """Give what went both ways as a table (CSV)."""
    del request
    one = _drawn_up(slug, code, year)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("agreement", "party", "year", "direction", "information", "tlp", "count"))
    rows.writerows((one.slug, code, year, *row) for row in accounts.as_rows(one))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="account-{slug}-{code}-{year}.csv"'
    return answer
