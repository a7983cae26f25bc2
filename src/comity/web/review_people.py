"""Who takes part in a review and what they are asked; its notes of desk research and its sessions."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import engagements, reviews
from comity.acts.agreements import Rejected
from comity.acts.reviews import Cluster, Known, Member, Note, NoteKind, Person, Role
from comity.policy.frameworks import words
from comity.policy.review_course import ReviewKind
from comity.web.choosing import LONG, offer
from comity.web.pages import actor, now, officers_only, show
from comity.web.reviews import ROOM, found, progress, refused
from comity.web.sentences import word


class MemberForm(forms.Form):
    """Somebody who takes part."""

    name = forms.CharField(label=_("Name of the person, or of the body that speaks as one"), max_length=200)
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    left = forms.BooleanField(label=_("No longer takes part"), required=False)

    def __init__(self, clusters: list[Cluster], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own
        """Offer roles and clusters."""
        super().__init__(*args, **kwargs)
        offer(self, "role", [(role, word(role)) for role in Role.values])
        named = [(str(one.row.pk), one.name) for one in clusters]
        offer(self, "cluster", [("", gettext("none: every aspect")), *named])
        self.fields["role"].initial = Role.RATER

    @property
    def person(self) -> Person:
        """Return the member as written."""
        told = self.cleaned_data
        cluster = int(told["cluster"]) if told["cluster"] else None
        return Person(told["name"], told["role"], told["organisation"], cluster, left=told["left"])


class ClusterForm(forms.Form):
    """A cluster of stakeholders."""

    name = forms.CharField(label=_("Name of the cluster"), max_length=200)
    aspects = forms.MultipleChoiceField(label=_("What it is asked; none chosen: everything"), required=False)

    def __init__(self, known: Known, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the aspects."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        offered = [(one.id, f"{one.id} {words(one.name, language)}") for one in known.framework.aspects()]
        offer(self, "aspects", offered)
        self.fields["aspects"].widget.attrs["size"] = 10


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who takes part and what they are asked; write clusters and members down, or tell one anew (`?member=`)."""
    known, at = found(slug), now()
    clusters, members = reviews.clusters(known.review, at), reviews.members(known.review, at)
    chosen = {key: _chosen(request, key) for key in ("member", "cluster")}
    member = next((one for one in members if one.row.pk == chosen["member"]), None)
    cluster = next((one for one in clusters if one.row.pk == chosen["cluster"]), None)
    told = {"name": member.name, "role": member.role, "organisation": member.organisation,
            "cluster": str(member.cluster or ""), "left": member.left} if member else None  # fmt: skip
    forms_ = {
        "member": MemberForm(clusters, initial=told, prefix="m"),
        "cluster": ClusterForm(known, prefix="c", initial={"name": cluster.name, "aspects": list(cluster.aspects)}
                               if cluster else None),
    }  # fmt: skip
    if request.method == "POST":
        return _write_people(request, known, clusters, members, chosen)
    shown = {"member_of": member, "cluster_of": cluster, "clusters": clusters}
    return _people(request, known, members, forms_, shown)


def _chosen(request: HttpRequest, key: str) -> int | None:
    said = request.GET.get(key, "")
    return int(said) if said.isdigit() else None


@officers_only
def _write_people(
    request: HttpRequest, known: Known, clusters: list[Cluster], members: list[Member], chosen: dict[str, int | None]
) -> HttpResponse:
    member, cluster = MemberForm(clusters, request.POST, prefix="m"), ClusterForm(known, request.POST, prefix="c")
    form: forms.Form = member if request.POST.get("what") == "member" else cluster
    if form.is_valid():
        try:
            if form is member:
                reviews.set_member(known.review, member.person, actor(request), now(), chosen["member"])
            else:
                told = cluster.cleaned_data
                reviews.set_cluster(known.review, told["name"], told["aspects"], actor(request), now(),
                                    chosen["cluster"])  # fmt: skip
            messages.success(request, gettext("Recorded."))
            return redirect("review-people", known.review.slug)
        except Rejected as error:
            refused(form, error)
    blank = {"member": MemberForm(clusters, prefix="m"), "cluster": ClusterForm(known, prefix="c")}
    told_ = {**blank, "member" if form is member else "cluster": form}
    return _people(request, known, members, told_, {"clusters": clusters}, 422)


def _people(
    request: HttpRequest, known: Known, members: list[Member], told: dict[str, Any], chosen: dict[str, Any],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    clusters = chosen["clusters"]
    _grouped, each = progress(known, clusters, now())
    context = {
        "room": ROOM, "known": known, **chosen, "forms": told, "full": known.kind is ReviewKind.FULL,
        "members": _rows(known, members, {one.row.pk: one.name for one in clusters}, each),
    }  # fmt: skip
    return show(request, "reviews/people.html", context, status)


def _rows(
    known: Known, members: list[Member], clusters: dict[int, str], each: dict[int, tuple[int, int]]
) -> str:
    """Write a row of the table for each member: by the hundred, a template’s own loop takes twice as long."""
    roles, address = {role: word(role) for role in Role.values}, reverse("review-sheet", args=[known.review.slug, 0])
    labels = (gettext("Role"), gettext("Cluster"), gettext("Answered"), gettext("Spreadsheet"))

    def cells(one: Member) -> tuple[str, ...]:
        under = format_html('<span class="under">{}</span>', one.organisation) if one.organisation else ""
        done = each.get(one.row.pk)
        sheet = format_html('<a href="{}">XLSX<span class="hidden"> {}</span></a>',
                            address.replace("/0.xlsx", f"/{one.row.pk}.xlsx"), one.name) if done else ""  # fmt: skip
        return (mark_safe(' class="gone"') if one.left else "", str(one.row.pk), one.name, under,
                labels[0], roles[one.role], labels[1], clusters.get(one.cluster or 0, ""),
                labels[2], f"{done[0]} / {done[1]}" if done else "", labels[3], sheet)  # fmt: skip

    return format_html_join("", _ROW, map(cells, members))


_ROW: Final = (
    '<tr{}><th scope="row"><a href="?member={}#member-form">{}</a>{}</th><td data-label="{}">{}</td>'
    '<td data-label="{}">{}</td><td class="number" data-label="{}">{}</td><td data-label="{}">{}</td></tr>'
)


class NoteForm(forms.Form):
    """A note of desk research, a session or follow-up."""

    kind = forms.ChoiceField(label=_("What"))
    aspect = forms.ChoiceField(label=_("Aspect"), required=False)
    says = forms.CharField(label=_("What was read or heard"), widget=LONG)
    source = forms.CharField(label=_("Source"), required=False, max_length=400)

    def __init__(self, known: Known, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds and aspects."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        offer(self, "kind", [(kind, word(kind)) for kind in NoteKind.values])
        offer(self, "aspect", [("", gettext("all of it")), *(
            (one.id, f"{one.id} {words(one.name, language)}") for one in known.framework.aspects())])  # fmt: skip


class SessionForm(forms.Form):
    """An engagement that is a session of the review."""

    engagement = forms.ChoiceField(label=_("Engagement"))
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)

    def __init__(self, clusters: list[Cluster], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own
        """Offer engagements and clusters."""
        super().__init__(*args, **kwargs)
        offer(self, "engagement", [(str(one.engagement.pk), f"{one.version.starts_on} {one.version.title}")
                                   for one in reversed(engagements.known(now()))])  # fmt: skip
        offer(self, "cluster", [("", gettext("with all")), *((str(one.row.pk), one.name) for one in clusters)])


@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show notes and sessions; write one down, or take a note back."""
    known, at = found(slug), now()
    if request.method == "POST":
        return _write_note(request, known)
    return _notes(request, known, NoteForm(known, prefix="n"),
                  SessionForm(reviews.clusters(known.review, at), prefix="s"))  # fmt: skip


@officers_only
def _write_note(request: HttpRequest, known: Known) -> HttpResponse:
    clusters, back = reviews.clusters(known.review, now()), request.POST.get("take_back", "")
    note, session = NoteForm(known, request.POST, prefix="n"), SessionForm(clusters, request.POST, prefix="s")
    form: forms.Form = session if request.POST.get("what") == "session" else note
    try:
        if back.isdigit():
            row = next((one for one in reviews.notes(known.review, now()) if one.pk == int(back)), None)
            kind = row.kind if row else ""
            reviews.note(known.review, Note(kind, "", supersedes=int(back)), actor(request), now())
            return redirect("review-notes", known.review.slug)
        if form.is_valid():
            told = form.cleaned_data
            if form is session:
                reviews.hold_session(known.review, int(told["engagement"]), actor(request), now(),
                                     int(told["cluster"]) if told["cluster"] else None)  # fmt: skip
            else:
                reviews.note(known.review, Note(**told), actor(request), now())
            messages.success(request, gettext("Recorded."))
            return redirect("review-notes", known.review.slug)
    except Rejected as error:
        form.is_valid()
        refused(form, error)
    fresh = (note, SessionForm(clusters, prefix="s")) if form is note else (NoteForm(known, prefix="n"), session)
    return _notes(request, known, *fresh, status=422)


def _notes(
    request: HttpRequest, known: Known, note: NoteForm, session: SessionForm, status: int = 200
) -> HttpResponse:
    at = now()
    names = {one.row.pk: one.name for one in reviews.clusters(known.review, at)}
    there = {one.engagement.pk: one for one in engagements.known(at)}
    held = [{"held": there.get(one.engagement_id), "cluster": names.get(one.cluster_id or 0, "")}
            for one in reviews.sessions(known.review, at)]  # fmt: skip
    context = {"room": ROOM, "known": known, "note": note, "session": session, "held": held,
               "notes": reviews.notes(known.review, at)}  # fmt: skip
    return show(request, "reviews/notes.html", context, status)
