"""The report of a review as a paper: a tagged PDF with its radar, in the reader’s language."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe

from comity.acts import names, reviews
from comity.acts.reviews import Role
from comity.papers.typeset import Block, Heading, Lines, Paper, Picture, Table, Words, pdf
from comity.policy.frameworks import words
from comity.policy.staging import Answer
from comity.web.capacity_pictures import RADAR, radar_of
from comity.web.pages import us
from comity.web.review_results import Reported, because, dissent, evidence_of, reported
from comity.web.reviews import Row, rows
from comity.web.sentences import word


def attached(content: bytes, name: str) -> HttpResponse:
    """Give a paper as a file that a browser shows or saves."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the report of a review as a paper, asked for as the page is."""
    here, language = reported(request, slug), get_language() or "en"
    version, house = here.known.version, us()
    name = f"{words(here.result.framework.name, language)}, {here.known.review.edition}"
    whose, day = names.called(here.known.review.party.name), here.result.on.isoformat()
    facts = [whose, name, gettext("as of %(day)s") % {"day": day},
             word(here.known.state), *([gettext("public")] if here.public else [])]  # fmt: skip
    made = Paper(version.title, house.name if house else "", language, here.at, facts, f"{version.title} · {name}",
                 list(_blocks(here, language)),
                 gettext("The answers of this review are made up.") if here.known.review.fictional else "")  # fmt: skip
    return attached(pdf(made), f"{slug}-{here.result.on.isoformat()}{'-public' if here.public else ''}")


def _blocks(here: Reported, language: str) -> Iterator[Block]:
    result = here.result
    if here.early:
        yield Words(gettext("The review was not known here on that day: this is what is known now."), "notice")
    told = {"asked": len(result.settled), "open": len(result.open),
            "unanswered": sum(one.answer is Answer.UNKNOWN for one in result.settled.values())}  # fmt: skip
    yield Words(gettext("Indicators") + ": "
                + gettext("%(asked)s, of which %(unanswered)s unanswered and %(open)s open") % told)  # fmt: skip
    if result.round is not None:
        yield Words(gettext("Rests on") + ": " + gettext("round %(n)s, closed") % {"n": result.round.number})
    elif result.provisional:
        yield Words(gettext("the answers as they stand: no round is closed yet"))
    rule = gettext("A stage is reached when every indicator of it and of all lower stages is met. Nothing is averaged: "
                   "a part has the range of its aspects. What is open leaves an interval.")  # fmt: skip
    yield Words(rule, "aside")
    title = f"{names.called(here.known.review.party.name)}, {result.on.isoformat()}"
    yield Picture(radar_of(result.framework, result.staged, title), f"{title}. {RADAR}", 0.62)
    yield Heading(gettext("Where it stands, and what keeps the next stage away"))
    yield _stages(here, language)
    if not here.public:
        yield from _said(here, language)
    yield from _evidence(here)


def _stages(here: Reported, language: str) -> Table:
    listed = rows(here.result, language)
    head = (gettext("Part"), gettext("Stage"), gettext("What keeps the next stage away"))
    return Table(head, (3, 2, 4), [(f"{row.id} {row.name}", _stage(row), _away(here, row, language)) for row in listed],
                 strong=[place for place, row in enumerate(listed) if not row.is_aspect])  # fmt: skip


def _stage(row: Row) -> str:
    shown = row.lowest if row.highest == row.lowest else f"{row.lowest} – {row.highest}"
    most = gettext("at most %(stage)s") % {"stage": row.utmost}
    return shown if row.utmost == row.highest else f"{shown}\n{most}"


def _away(here: Reported, row: Row, language: str) -> str:
    if not row.is_aspect or not row.next:
        return ""
    unmet = [f"{one.indicator.id} {words(one.indicator.text, language)} ({because(one)})"
             for one in here.result.staged[row.id].unmet]  # fmt: skip
    return "\n".join([f"{row.next}: {row.met} / {row.needed}", *unmet])


def _said(here: Reported, language: str) -> Iterator[Block]:
    told = dissent(here.result, language, here.at)
    if told:
        yield Heading(gettext("Rulings and dissent"))
        yield Lines([f"{one['id']} {one['text']}: {one['answer']} ({one['who']})\n{one['why']}" for one in told])
    people = [one for one in reviews.members(here.known.review, here.at) if not one.left]
    if people:
        roles: dict[str, Any] = {role: word(role) for role in Role.values}
        yield Heading(gettext("Who took part"))
        yield Lines([", ".join(filter(None, (one.name, roles[one.role], one.organisation))) for one in people])


def _evidence(here: Reported) -> Iterator[Block]:
    shown, kept = evidence_of(here.result, public=here.public)
    if shown or kept:
        yield Heading(gettext("Evidence"))
    if shown:
        until = gettext("until %(day)s")
        yield Lines([" · ".join(filter(None, (one.title, one.link, f"TLP:{one.tlp}",
                                              until % {"day": one.until.isoformat()} if one.until else "")))
                     for one in shown])  # fmt: skip
    if kept:
        counted = ngettext("%(n)s piece of evidence is not for the public",
                           "%(n)s pieces of evidence are not for the public", kept)  # fmt: skip
        yield Words(counted % {"n": kept}, "aside")
