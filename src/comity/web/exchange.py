"""The exchange: collections, the objects in them, and one object with all that decides who may have it."""

from typing import Any, Final

import msgspec
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity.acts import classes, consent_questions, deliveries, explaining, segments
from comity.models import Collection, Entry, Party, Recall, StoredVersion, of_types
from comity.web import words
from comity.web.pages import now, show

PER_PAGE: Final = 50
LOOKED_AT: Final = 50_000  # versions whose names are read for one search, the newest first
MOST: Final = 500  # found by name
LONGEST: Final = 90  # characters of a name in a list


@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """List the collections."""
    stored = StoredVersion.objects.order_by().values("collection_id")
    counted = stored.annotate(distinct=Count("stix_id", distinct=True), versions=Count("id"))
    counts = {row["collection_id"]: (row["distinct"], row["versions"]) for row in counted}
    context = {
        "room": "exchange",
        "collections": [
            {"row": row, "objects": counts.get(row.pk, (0, 0))[0], "versions": counts.get(row.pk, (0, 0))[1]}
            for row in Collection.objects.order_by("exercise", "title")
        ],
    }
    return show(request, "exchange/list.html", context)


def _matching(rows: QuerySet[StoredVersion], sought: str) -> QuerySet[StoredVersion]:
    """Narrow to versions whose id or type begins so, or whose bytes hold the text."""
    if not sought:
        return rows
    return rows.filter(Q(stix_id__startswith=sought) | of_types(sought) | Q(pk__in=_holding(rows, sought)))


def _holding(rows: QuerySet[StoredVersion], sought: str) -> list[int]:
    """Find versions by the text of their name, case aside, among the newest; the body is bytes, so it is read here."""
    needle = sought.casefold()
    found = []
    newest = list(rows.order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT])
    for start in range(0, len(newest), 1_000):
        held = segments.bodies(newest[start : start + 1_000])
        found += [pk for pk in newest[start : start + 1_000] if needle in name_of(held[pk]).casefold()]
        if len(found) >= MOST:
            break
    return found[:MOST]


class _Named(msgspec.Struct):
    """The properties from which a reader knows an object."""

    name: str = ""
    value: str = ""
    abstract: str = ""
    source_ref: str = ""
    target_ref: str = ""
    relationship_type: str = ""
    pattern: str = ""
    path: str = ""


_reader: msgspec.json.Decoder[_Named] = msgspec.json.Decoder(_Named, strict=False)


def name_of(body: bytes) -> str:
    """Return what an object is called, or the words that come nearest; empty when it has none."""
    try:
        found = _reader.decode(body)
    except msgspec.ValidationError:
        return ""
    joins = f"{_kind(found.source_ref)} {found.relationship_type} {_kind(found.target_ref)}" if found.source_ref else ""
    said = found.name or found.value or joins or found.abstract or found.pattern or found.path
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _kind(ref: str) -> str:
    """Return the type that an id names."""
    return ref.partition("--")[0]


def _rows(page: Page[StoredVersion]) -> list[dict[str, Any]]:
    pks = [version.pk for version in page]
    bodies = segments.bodies(pks)
    every = list(Entry.objects.filter(version_id__in=pks).order_by("pk").values_list("version_id", "handling_id"))
    known = {number: classes.handling_of(number) for number in {*(n for _, n in every), *(v.own_id for v in page)}}
    entries = {version: number for version, number in every if not known[number].apart}
    return [
        {
            "version": version,
            "name": name_of(bodies[version.pk]),
            "handling": known[entries.get(version.pk, version.own_id)],
            "waits": version.waits,
        }
        for version in page
    ]


def _listed(request: HttpRequest, rows: QuerySet[StoredVersion]) -> dict[str, Any]:
    sought = request.GET.get("q", "").strip()
    found = _matching(rows, sought).order_by("stix_id", "-instant")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    cut = LOOKED_AT if sought and rows.count() > LOOKED_AT else 0
    return {"q": sought, "page": page, "rows": _rows(page), "cut": cut}


@require_safe
def collection(request: HttpRequest, alias: str) -> HttpResponse:
    """Show the objects of one collection, those sought first typed or all."""
    row = get_object_or_404(Collection, alias=alias)
    rows = StoredVersion.objects.filter(collection=row).select_related("collection")
    context = {"room": "exchange", "collection": row, "where": row, **_listed(request, rows)}
    return show(request, _template(request, "exchange/collection.html"), context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Look for objects in all collections."""
    context = {"room": "exchange", **_listed(request, StoredVersion.objects.select_related("collection"))}
    return show(request, _template(request, "exchange/search.html"), context)


def _template(request: HttpRequest, whole: str) -> str:
    return "exchange/_rows.html" if request.headers.get("HX-Request") else whole


@require_safe
def one(request: HttpRequest, alias: str, stix_id: str) -> HttpResponse:
    """Show one object: its words, its marks, who may have it and why, and who got it when."""
    where = get_object_or_404(Collection, alias=alias)
    versions = list(StoredVersion.objects.filter(collection=where, stix_id=stix_id).order_by("-instant"))
    wanted = request.GET.get("version", "")
    version = next((one for one in versions if wanted in {"", one.version}), None)
    if version is None:
        raise Http404(stix_id)
    names = dict(Party.objects.values_list("code", "name"))
    body = segments.body(version.pk)
    context = {
        "room": "exchange",
        "collection": where,
        "version": version,
        "versions": versions,
        "name": name_of(body),
        "json": msgspec.json.format(body, indent=2).decode(),
        "digest": bytes(version.digest).hex(),
        "marks": _marks(where, body),
        "classes": _classes(version),
        "matrix": [{"decision": d, "name": names[d.party], **_asking(version, d)}
                   for d in explaining.matrix(version, now())],
        "given": deliveries.who_got(version.pk),
        "cut": deliveries.longer_than_looked_at(),
        "newest": deliveries.NEWEST,
        "recalled": Recall.objects.filter(stix_id=stix_id).first(),
    }
    return show(request, "exchange/object.html", context)


def _asking(version: StoredVersion, decision: explaining.Decision) -> dict[str, Any]:
    """Give the question that waits for a consent by which it would open to the party, or how to ask for one."""
    if decision.released:
        return {}
    asked = consent_questions.open_for(version.stix_id, decision.party)
    if asked is not None:
        return {"asked": asked.message.uuid}
    own = classes.handling_of(version.own_id)
    if not own.received_under or not consent_questions.would_open(version, decision.party, now()):
        return {}
    known = {"originator": own.originator, "agreement": own.received_under[0], "third": decision.party,
             "reach": "object", "name": version.stix_id}  # fmt: skip
    return {"ask": f"{reverse('ask-consent')}?{urlencode(known)}"}


class _Marked(msgspec.Struct):
    object_marking_refs: list[str] = []
    granular_markings: list[dict[str, Any]] = []


def _marks(where: Collection, body: bytes) -> list[dict[str, Any]]:
    """Give the markings that an object names, each with its name where the collection holds it."""
    found = msgspec.json.decode(body, type=_Marked)
    granular = [(part.get("marking_ref", ""), part.get("selectors", [])) for part in found.granular_markings]
    marks = [(ref, []) for ref in found.object_marking_refs] + granular
    rows = StoredVersion.objects.filter(collection=where, stix_id__in=[ref for ref, _ in marks])
    by_id = dict(rows.values_list("stix_id", "id"))
    bodies = segments.bodies(list(by_id.values()))
    held = {ref: name_of(bodies[pk]) for ref, pk in by_id.items()}
    return [{"ref": ref, "selectors": selectors, "name": held.get(ref, "")} for ref, selectors in marks]


def _classes(version: StoredVersion) -> list[dict[str, Any]]:
    """Give the classes through which a version can be had, in words; its own where it still waits."""
    entries = list(Entry.objects.filter(version=version).order_by("pk"))
    numbers = [entry.handling_id for entry in entries] or [version.own_id]
    known = [(number, classes.handling_of(number)) for number in numbers]
    apart = ", ".join(sorted({found.apart for _, found in known if found.apart}))
    said = [(gettext("Stands apart, by its originator’s word, for"), apart)] if apart else []
    return [{"number": number, "facts": [*words.facts_of(found), *said], "handling": found}
            for number, found in known if not found.apart]  # fmt: skip
