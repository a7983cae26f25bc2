"""The ledger: what left, to whom, when, for which credential, on which ground; and whether the log still verifies."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.acts import keys, ledgers, moments, names, receipts, witnessing
from comity.ledger import entries
from comity.models import Checkpoint, LedgerEntry, Log
from comity.web.pages import now, officers_only, show
from comity.web.sentences import word

PER_PAGE = 50


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """List the logs: one a partner, and the master log that anchors them."""
    return _list(request, {})


def _list(request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
    logs = names.by_name(Log.objects.select_related("party"), lambda log: "" if log.party is None else log.party.name)
    heads = {head.log_id: head for head in Checkpoint.objects.order_by("size")}
    reports = more.get("reports", {})
    rows = [
        {"log": one, "code": _code(one), "head": heads.get(one.pk), "last": _last(one),
         "report": reports.get(one.origin)}
        for one in logs
    ]  # fmt: skip
    return show(request, "ledger/list.html", {"room": "ledger", "logs": rows, **more})


def _code(log: Log) -> str:
    return log.party_id or ledgers.MASTER


def _last(log: Log) -> str:
    row = LedgerEntry.objects.filter(log=log, index=log.size - 1).first()
    return entries.decode(bytes(row.leaf)).at if row is not None else ""


def _find(code: str) -> Log:
    rows = Log.objects.select_related("party")
    return get_object_or_404(rows, party=None) if code == ledgers.MASTER else get_object_or_404(rows, party_id=code)


@require_safe
def log(request: HttpRequest, code: str) -> HttpResponse:
    """Show one log, newest first."""
    return _page(request, code, {})


def _page(request: HttpRequest, code: str, more: dict[str, Any]) -> HttpResponse:
    found = _find(code)
    rows = LedgerEntry.objects.filter(log=found).order_by("-index")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "room": "ledger",
        "log": found,
        "code": code,
        "page": page,
        "entries": [_told(row) for row in page],
        "head": Checkpoint.objects.filter(log=found).order_by("-size").first(),
        "mutual": _mutual(code) if found.party_id else None,
        **more,
    }
    return show(request, "ledger/log.html", context)


def _mutual(code: str) -> dict[str, Any]:
    """Lay out how far the two sides have seen each other's logs."""
    one = witnessing.mutual(code)
    word, head = one.seen_by_them, one.seen_by_us
    return {
        "word": word, "word_at": moments.moment(word.seen_at) if word else None,
        "head": head, "head_at": moments.moment(head.at) if head else None,
        "contradictions": [{"row": row, "at": moments.moment(row.at)} for row in one.contradictions],
    }  # fmt: skip


def _told(row: LedgerEntry) -> dict[str, Any]:
    """Lay out one entry."""
    entry = entries.decode(bytes(row.leaf))
    what: list[str] = []
    match entry:
        case entries.Delivery() | entries.Manifest() | entries.Versions() | entries.Received():
            what = [_("%(count)s items") % {"count": entry.count}, entry.request]
        case entries.Refusal():
            what = [entry.request, entry.reason]
        case entries.Recall():
            what = [entry.step, _("%(count)s items") % {"count": entry.count}, entry.reason]
        case entries.Said():
            what = [word(entry.about), word(entry.step), word(entry.road)]
        case entries.Consent():
            what = [entry.step, entry.subject]
        case entries.Policy():
            what = [entry.event, _("with effect on %(day)s") % {"day": entry.effective_on}]
        case entries.Key():
            what = [entry.step, entry.verifier]
        case entries.Anchor():
            what = [entry.head.log, _("%(count)s entries") % {"count": entry.head.size}]
    return {"index": row.index, "entry": entry, "kind": entries.kind_of(entry).value, "what": what,
            "credential": getattr(entry, "credential", ""), "grounds": _grounds(entry)}  # fmt: skip


def _grounds(entry: entries.Entry) -> list[str]:
    match entry:
        case entries.Delivery() | entries.Manifest() | entries.Versions() | entries.Received():
            return [
                f"{ground.clause} {ground.agreement}: {ground.count}" if ground.agreement
                else _("public: %(count)s") % {"count": ground.count}
                for ground in entry.grounds
            ]  # fmt: skip
        case entries.Policy():
            return [entry.agreement]
        case entries.Consent():
            return [f"{entry.clause} {entry.agreement}"]
    return []


@require_POST
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Recompute the tree from its leaves and say what was found."""
    found = _find(code)
    return _page(request, code, {"report": receipts.audit_all(settings.DATA)[found.origin]})


@require_POST
def verify_all(request: HttpRequest) -> HttpResponse:
    """Recompute every log's tree and say which holds."""
    return _list(request, {"reports": receipts.audit_all(settings.DATA)})


@require_POST
@officers_only
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Sign the log's present head, which anchors it in the master log."""
    _find(code)
    ledgers.checkpoint(code, keys.load(settings.DATA), now())
    messages.success(request, _("The head is signed."))
    return redirect("log", code)
