"""The live board of an exercise: where the clock stands, what was put, what was met; and its levers for who leads."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from comity.acts import exercise_material, exercise_reports, exercise_running, exercises
from comity.acts.agreements import Rejected
from comity.acts.exercise_reports import What
from comity.acts.exercises import Known
from comity.policy.exercise_clock import FASTEST, MoveKind, RunState
from comity.policy.exercise_course import Fate, shown
from comity.policy.exercise_form import minutes
from comity.policy.fields import Report
from comity.policy.tree import Scalar
from comity.web import exercise_stream
from comity.web.exercises import found, page
from comity.web.pages import actor, now, officers_only

FOLLOW: Final = "x-comity-follow"
LAST: Final = 14  # lines of the timeline on the board
PLAYERS: Final = "players"
ONCE: Final = 3600  # seconds after which a browser asks again where the server cannot keep a line open


class SpeedForm(forms.Form):
    """How fast the clock runs."""

    value = forms.IntegerField(label=_("Seconds of it in one of ours"), min_value=1, max_value=FASTEST, initial=1)


class JumpForm(forms.Form):
    """Where the clock is moved to."""

    value = forms.RegexField(r"^\d{1,3}:[0-5]\d$", label=_("Go on at (H:MM)"))


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the board; it renews itself. Players see only what was put to their team."""
    here = found(slug)
    view = PLAYERS if PLAYERS in request.GET else ""
    reading = exercises.reading(here.row, now())
    put = exercises_put(here)
    context = {
        **drawn(here, view), "view": view, "live": _kept(request), "leads": here.ours and not view,
        "state": reading.state,
        "speed": SpeedForm(initial={"value": reading.speed}, prefix="speed"), "jump": JumpForm(prefix="jump"),
        "left": [one for one in here.scenario.injects if one.id not in put],
        "forks": [one for one in here.scenario.decisions if one.after in put and one.id not in
                  exercises.taken_ways(here.row)],
    }  # fmt: skip
    return page(request, "exercises/board.html", here, "players" if view else "board", context)


def exercises_put(here: Known) -> frozenset[str]:
    """Name the injects that were put."""
    return frozenset(here.row.puts.values_list("inject", flat=True))


def drawn(here: Known, view: str) -> dict[str, Any]:
    """Give what the board shows: for players only what was put to our own team."""
    at = now()
    report = exercise_reports.report(here, at, here.our_team if view and here.our_team else "")
    reading = report.reading
    names = {one.id: one.name for one in here.scenario.teams}
    seconds = min(reading.seconds, here.scenario.lasts * 60)
    ours = [one for one in report.stands if one.fate is Fate.GIVEN and here.our_team in one.inject.to]
    coming = [one for one in report.stands if one.fate is Fate.COMING and one.at is not None]
    return {
        "scenario": here.scenario, "game": here, "clock": shown(seconds), "lasts": shown(here.scenario.lasts * 60),
        "story": here.scenario.story(seconds), "speed_now": reading.speed, "run_state": reading.state,
        "running": reading.state is RunState.RUNNING, "players": bool(view),
        "next": min(coming, key=lambda one: one.at or 0, default=None),
        "mine": [{"at": shown(one.at), "inject": one.inject} for one in reversed(ours)],
        "stands": [{"at": shown(one.at), "one": one, "to": [names[team] for team in one.inject.to]}
                   for one in report.stands],
        "told": [{"one": one, "at": shown(one.judged.at), "until": shown(one.judged.until),
                  "of": names[one.judged.expectation.of]} for one in report.told],
        "tally": [(verdict, count) for verdict, count in report.tally.items() if count],
        "lines": [{"line": line, "at": shown(line.at), "to": [names.get(one, one) for one in line.to]}
                  for line in reversed(report.lines) if line.what is not What.MOVE][:LAST],
    }  # fmt: skip


def _draw(slug: str, view: str, language: str) -> str:
    with translation.override(language):
        return render_to_string("exercises/_board.html", drawn(found(slug), view if view == PLAYERS else ""))


@require_safe
def stream(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the board as it changes, as server-sent events (HTML Standard, 9.2).

    Here only who may look is decided; `lines` keeps the line. Where the server cannot keep one, the board comes once.
    """
    found(slug)
    view, language = PLAYERS if PLAYERS in request.GET else "all", translation.get_language() or "en"
    kept = _kept(request)
    once = b"" if kept else exercise_stream.event(_draw(slug, view, language), again=ONCE)
    response = HttpResponse(once, content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    if kept:
        response.headers[FOLLOW] = f"{slug} {view} {language}"
    return response


def _kept(request: HttpRequest) -> bool:
    """Tell whether a line can be kept open to who asks: the server says so in the scope."""
    return isinstance(request, ASGIRequest) and FOLLOW in request.scope.get("extensions", {})


def follow(key: str) -> AsyncIterator[bytes]:
    """Give the board that a key names, again whenever it has changed."""
    slug, view, language = key.split(" ")
    return exercise_stream.follow((slug, view, language), partial(_draw, slug, view, language))


@require_POST
@officers_only
def lead(request: HttpRequest, slug: str) -> HttpResponse:
    """Pull a lever: the clock, an inject by hand, which way a decision went, sharing what came."""
    here, said, at = found(slug), request.POST, now()
    try:
        if "clock" in said:
            _clock(slug, said, actor(request))
        elif "inject" in said:
            exercises.force(slug, said["inject"], actor(request), at)
        elif "decision" in said:
            exercises.took(slug, said["decision"], said.get("option", ""), actor(request), at)
        elif "share" in said:
            made = exercise_material.share(slug, said["share"], actor(request), at)
            messages.success(request, gettext("%(count)s objects are laid out for whoever may have them.") % {
                "count": len(made.stored) + len(made.known)})  # fmt: skip
        if here.ours:
            exercise_running.advance(slug, now())
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    where = redirect("exercise-board", slug)
    if PLAYERS in said:
        where.headers["Location"] += f"?{PLAYERS}"
    return where


def _clock(slug: str, said: Any, who: str) -> None:  # noqa: ANN401 - what a form posts
    if said["clock"] not in set(MoveKind):
        raise Rejected(gettext("“%(word)s” is not one of: %(words)s.") % {
            "word": said["clock"], "words": ", ".join(MoveKind)})  # fmt: skip
    kind = MoveKind(said["clock"])
    value = 0
    if kind in {MoveKind.START, MoveKind.SPEED}:
        form = SpeedForm(said, prefix="speed")
        if not form.is_valid():
            raise Rejected(*[str(line) for lines in form.errors.values() for line in lines])
        value = form.cleaned_data["value"]
    elif kind is MoveKind.JUMP:
        value = 60 * (minutes(Report(), Scalar(said.get("jump-value", "").strip()), "") or 0)
    exercises.move(slug, kind, value, who, now())
