"""The calendar as a month and as a list, and the addresses under which people subscribe to it."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import calendar_files, calendars
from comity.acts.calendars import Happening
from comity.models import Mailing
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, month_length
from comity.policy.undertakings import Asked
from comity.web.pages import now, show

ONE_DAY: Final = timedelta(days=1)
MIME: Final = "text/calendar; charset=utf-8"


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show a month: as a sheet of weeks, and as a list."""
    moment = now()
    today = moment.date()
    first = _month(request.GET.get("month", ""), today)
    last = first.replace(day=month_length(first.year, first.month))
    found = calendars.happenings(Asked(today, moment), first - 6 * ONE_DAY, last + 6 * ONE_DAY)
    context = {
        "room": "calendar", "first": first, "today": today, "weeks": list(_weeks(first, found, today)),
        "listed": [_line(one) for one in found if one.last >= first and one.first <= last],
        "before": first - ONE_DAY, "after": last + ONE_DAY, "weekdays": [date(2024, 1, day) for day in range(1, 8)],
    }  # fmt: skip
    return show(request, "calendars/month.html", context)


def _month(said: str, today: date) -> date:
    try:
        first = date.fromisoformat(f"{said}-01") if said else today.replace(day=1)
    except ValueError as error:
        raise Http404(said) from error
    if not EARLIEST_DAY < first < LATEST_DAY - timedelta(days=60):
        raise Http404(said)
    return first


def _weeks(first: date, found: list[Happening], today: date) -> Iterator[list[dict[str, Any]]]:
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        yield [
            {"day": day, "outside": day.month != first.month, "today": day == today,
             "events": [_line(one) for one in found if one.first <= day <= one.last]}
            for day in week
        ]  # fmt: skip


def _line(one: Happening) -> dict[str, Any]:
    return {"one": one, "style": one.state.replace(" ", "-"), "several": one.last != one.first}


class MailForm(forms.Form):
    """How a person is told of what is due."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    mode = forms.ChoiceField(label=_("Reminders"), choices=[
        (Mailing.Mode.EACH, _("a letter for each")),
        (Mailing.Mode.DIGEST, _("one letter a day, when there is something new")),
        (Mailing.Mode.NONE, _("none")),
    ])  # fmt: skip
    language = forms.ChoiceField(label=_("Language of letters and feeds"), choices=settings.LANGUAGES,
                                 required=False)  # fmt: skip


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - every page but the feeds asks for a sign-in
    return request.user


@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Show a person's feeds and how they are told."""
    return _subscriptions(request, None)


def _subscriptions(request: HttpRequest, opened: calendars.Opened | None, form: MailForm | None = None,
                   status: int = 200) -> HttpResponse:  # fmt: skip
    reader = _reader(request)
    mode = Mailing.objects.filter(user=reader).values_list("mode", flat=True).first() or Mailing.Mode.EACH
    address = "" if opened is None else request.build_absolute_uri(reverse("feed", args=[opened.secret]))
    public = request.build_absolute_uri(reverse("public-feed"))
    context = {
        "room": "calendar", "feeds": calendars.feeds(reader), "address": address,
        "public": [(name, public + ("" if code == "en" else f"?language={code}")) for code, name in settings.LANGUAGES],
        "form": form or MailForm(initial={"email": reader.email, "mode": mode,
                                          "language": calendars.language_of(reader)}),
    }  # fmt: skip
    return show(request, "calendars/subscriptions.html", context, status)


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Open a feed; its address is shown in this answer alone."""
    opened = calendars.open_feed(_reader(request), request.POST.get("label", ""), now())
    return _subscriptions(request, opened)


@require_POST
def unsubscribe(request: HttpRequest, number: int) -> HttpResponse:
    """Close one of the reader's feeds for ever."""
    if not calendars.revoke_feed(_reader(request), number, now()):
        raise Http404(number)
    messages.success(request, gettext("Closed: whoever has that address gets nothing from now on."))
    return redirect("subscriptions")


@require_http_methods(["POST"])
def mailing(request: HttpRequest) -> HttpResponse:
    """Set the reader's address and how they are told."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _subscriptions(request, None, form, 422)
    reader, told = _reader(request), form.cleaned_data
    calendars.set_mailing(reader, told["email"], told["mode"], told["language"] or calendars.language_of(reader))
    messages.success(request, gettext("Recorded."))
    return redirect("subscriptions")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give a person's calendar to whoever has the secret; an unknown one and a closed one are the same: nothing."""
    holder = calendars.holder(secret)
    if holder is None:
        return HttpResponse(status=404)
    with translation.override(calendars.language_of(holder)):
        return _calendar(request, calendar_files.feed("Comity", calendars.of_person(holder, _all())))


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Give what is marked as public, and no more, in the language that the address names; without one, in English."""
    language = request.GET.get("language", "en")
    if language not in dict(settings.LANGUAGES):
        raise Http404(language)
    with translation.override(language):
        return _calendar(request, calendar_files.feed("Comity", [one for one in _all() if one.public]))


def _all() -> list[Happening]:
    moment = now()
    today = moment.date()
    return calendars.happenings(Asked(today, moment), today - calendars.BACK, today + calendars.AHEAD)


def _calendar(request: HttpRequest, content: bytes) -> HttpResponse:
    etag = quote_etag(sha256(content).hexdigest()[:32])
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(content, content_type=MIME, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
