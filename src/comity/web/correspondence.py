"""Correspondence: what we and a partner say to each other, requests and what they make due, by whatever road."""

from typing import Any, Final

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import contacts, following, law, messages, moments, names, recalls, requests
from comity.acts.messages import Refused, Way, Words
from comity.acts.requests import Asked
from comity.ledger.messages import MOST_BYTES, Kind
from comity.models import Exercise, Message
from comity.policy import requests as rules
from comity.policy.requests import Move, Stage, Subject
from comity.policy.vocabulary import Urgency
from comity.web.pages import actor, now, officers_only, partners, show
from comity.web.participation_diagram import Said, of_table
from comity.web.sentences import word

ROADS: Final = [
    (Message.Road.MAIL, _("by e-mail")), (Message.Road.PAPER, _("by letter")),
    (Message.Road.TELEPHONE, _("by telephone")), (Message.Road.HAND, _("by hand")),
]  # fmt: skip
OURS: Final = [(Message.Road.EXCHANGE, _("over the exchange")), *ROADS]
MOVES: Final = {
    Move.ACKNOWLEDGE: _("acknowledge"),
    Move.ACCEPT: _("accept"),
    Move.PUT_LIMITS: _("put limits on use"),
    Move.ACCEPT_LIMITS: _("accept the limits"),
    Move.ANSWER: _("answer"),
    Move.REFUSE: _("refuse"),
    Move.WITHDRAW: _("withdraw"),
}
SUBJECTS: Final = {
    Subject.INFORMATION: _("information"), Subject.PRESERVATION: _("preservation of data"),
    Subject.ASSISTANCE: _("assistance"), Subject.TAKEDOWN: _("takedown"), Subject.ADVICE: _("advice"),
    Subject.CAPACITY: _("capacity help"),
}  # fmt: skip
NEEDED: Final = {
    "authority": _("the authority that asks for it"),
    "offence": _("the offence, and the facts in short"),
    "data": _("the data to be preserved, and what they have to do with the offence"),
    "custodian": _("what tells who holds them, or where the system is"),
    "necessity": _("why it is needed"),
    "intention": _("that a request for search, seizure or disclosure follows"),
}
SAID: Final = {
    **NEEDED, "subject": _("what for"), "about": _("what is asked"), "urgency": _("urgency"), "reason": _("reason"),
    "answer": _("answer"), "limits": _("limits on use"), "words": _("words"), "grounds": _("it rests on"),
    "versions": _("versions"), "what_to_do": _("what to do"), "acknowledge_by": _("to be acknowledged by"),
    "recall": _("recall"), "preserved_until": _("preserved until"), "mode": _("what both learn"),
    "kinds": _("kinds of values"), "third_party": _("for whom"), "scope": _("of what"), "case": _("case"),
    "information": _("information"), "purpose": _("purpose"), "tlp_up_to": _("up to"), "objects": _("objects"),
    "conditions": _("conditions"), "until": _("until"),
}  # fmt: skip
HIDDEN: Final = frozenset({"points", "both"})
MOST: Final = 100  # lines of what is no request
_TEXT: Final = {"rows": 3}


class RequestForm(forms.Form):
    """A request to a partner."""

    party = forms.ChoiceField(label=_("To whom"))
    subject = forms.ChoiceField(label=_("What for"), choices=list(SUBJECTS.items()))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=[
        (Urgency.NORMAL, _("normal")),
        (Urgency.EMERGENCY, _("emergency: it comes before all that they have not read"))])  # fmt: skip
    about = forms.CharField(label=_("What is asked"), widget=forms.Textarea(_TEXT))
    agreement = forms.ChoiceField(label=_("Under which agreement; its clause sets the clock"), required=False)
    grounds = forms.CharField(label=_("On what else it rests, such as an article"), required=False)
    road = forms.ChoiceField(label=_("How it goes"), choices=OURS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the partners and the adopted agreements, and the parts of a request for preservation."""
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(one.code, names.named(one)) for one in partners()]  # type: ignore[attr-defined]
        adopted = [(one.slug, one.agreement.name) for one in law.facts().adopted]
        self.fields["agreement"].choices = [("", _("none")), *adopted]  # type: ignore[attr-defined]
        for name, words in NEEDED.items():
            said = _("For preservation (article 29(2)): %(words)s") % {"words": words}
            self.fields[name] = forms.CharField(label=said, required=False)


class MoveForm(forms.Form):
    """One move of ours on a request."""

    move = forms.ChoiceField(label=_("What we do"))
    words = forms.CharField(label=_("Our words: the answer, the limits or the reason"), required=False,
                            widget=forms.Textarea(_TEXT))  # fmt: skip
    days = forms.IntegerField(label=_("For a preservation: days, sixty at least"), required=False, min_value=0)
    road = forms.ChoiceField(label=_("How it goes"), choices=OURS)


class NoteForm(forms.Form):
    """What the other side said by another road."""

    kind = forms.ChoiceField(label=_("What they said"))
    words = forms.CharField(label=_("Their words"), required=False, widget=forms.Textarea(_TEXT))
    road = forms.ChoiceField(label=_("How it came"), choices=ROADS)
    source = forms.CharField(label=_("Source, such as “letter of 3 May 2026”"))


class TakeForm(forms.Form):
    """A message of a partner that came as a file."""

    party = forms.ChoiceField(label=_("From whom"))
    file = forms.FileField(label=_("The message, as a file"))
    source = forms.CharField(label=_("How it came, such as “on a stick, from the liaison officer”"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the partners."""
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(one.code, names.named(one)) for one in partners()]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Our word on a partner's recall."""

    kind = forms.ChoiceField(label=_("What we say"), choices=[
        (Kind.ACKNOWLEDGEMENT.value, _("we have read it")), (Kind.DELETED.value, _("it is done"))])  # fmt: skip
    words = forms.CharField(label=_("What else is to be said"), required=False)
    road = forms.ChoiceField(label=_("How it goes"), choices=OURS)


_WORDS_OF: Final = {Move.PUT_LIMITS: "limits", Move.ANSWER: "answer", Move.REFUSE: "reason"}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the requests with where they stand, and all else that was said, newest first."""
    code = request.GET.get("party", "")
    told = requests.every(now(), code)
    threads = [one.first.uuid for one in told]
    rows = Message.objects.select_related("party", "collection").exclude(thread__in=threads).order_by("-id")
    shown = (rows.filter(party_id=code) if code else rows)[:MOST]
    others = [{"row": row, "at": moments.moment(row.at)} for row in shown]
    context = {"room": "correspondence", "rows": [_row(one) for one in told], "others": others, "partners": partners(),
               "code": code}  # fmt: skip
    return show(request, "correspondence/list.html", context)


def _row(told: requests.RequestTold) -> dict[str, Any]:
    waits = next((one for one in told.due if one.done_at is None), None) if told.open else None
    return {"told": told, "subject": SUBJECTS.get(Subject(told.subject), told.subject)
            if told.subject in set(Subject) else told.subject,
            "at": moments.moment(told.first.at), "waits": waits}  # fmt: skip


@require_http_methods(["GET", "POST"])
@officers_only
def new(request: HttpRequest) -> HttpResponse:
    """Write a request and send it."""
    form = RequestForm(request.POST or None)
    game = Exercise.objects.filter(slug=request.GET.get("exercise", "")).select_related("collection").first()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        more = {name: said[name] for name in NEEDED if said["subject"] == Subject.PRESERVATION}
        asked = Asked(said["party"], said["subject"], said["about"], said["urgency"], said["agreement"],
                      said["grounds"], more, None if game is None else (game.slug, game.collection))  # fmt: skip
        try:
            row = requests.ask(asked, actor(request), now(), said["road"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Sent, and written into their log."))
            return redirect("thread", row.uuid)
    context = {"room": "correspondence", "form": form, "exercise": game}
    return show(request, "correspondence/new.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@officers_only
def take(request: HttpRequest) -> HttpResponse:
    """Take in a message that came as a file."""
    form = TakeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = following.take(said["party"], said["file"].read(MOST_BYTES + 1).strip(),
                                 Way(Message.Road.HAND, said["source"]), actor(request), now())  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Taken in.") if row else gettext("It was here already."))
            return redirect("correspondence") if row is None else redirect("thread", row.thread)
    return show(request, "correspondence/take.html", {"room": "correspondence", "form": form},
                422 if form.errors else 200)  # fmt: skip


@require_safe
def one(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show one thread: what was said, what is due, and what is open to us."""
    return _page(request, _thread(uuid))


def _thread(uuid: str) -> Message:
    return get_object_or_404(Message.objects.select_related("party"), uuid=uuid, thread=uuid)


def _page(request: HttpRequest, first: Message, move_form: MoveForm | None = None, note_form: NoteForm | None = None,
          status: int = 200, confirm_form: ConfirmForm | None = None) -> HttpResponse:  # fmt: skip
    told = requests.tell(first, now()) if first.kind == Kind.REQUEST.value else None
    rows = told.messages if told else messages.thread(first.uuid)
    context: dict[str, Any] = {
        "room": "correspondence", "first": first, "told": told, "messages_said": [_said(row) for row in rows],
        "move_form": move_form or (_move_form(told) if told and told.ours else None),
        "note_form": note_form or _note_form(told),
        "confirm_form": confirm_form or (ConfirmForm() if _is_theirs(first) else None),
        "subject": SUBJECTS[Subject(told.subject)] if told and told.subject in set(Subject) else "",
        "diagram": _diagram() if told else None,
        "turn_to": [one for one in contacts.standing(contacts.known(now(), first.party_id), now().date())
                    if one.version.kind in {"24/7", "policy", "technical"}] if told and told.open else [],
    }  # fmt: skip
    return show(request, "correspondence/one.html", context, status)


def _said(row: Message) -> dict[str, Any]:
    said = messages.read_row(row)
    lines = [(SAID.get(name, name), word(said.text(name))) for name in said.says if name not in HIDDEN]
    clause = f"{said.clause} {said.agreement}".strip()
    return {"row": row, "at": moments.moment(row.at), "lines": lines, "clause": clause}


def _move_form(told: requests.RequestTold, data: Any = None) -> MoveForm:  # noqa: ANN401 - what a form takes
    form = MoveForm(data)
    form.fields["move"].choices = [(one.value, MOVES[one]) for one in told.ours]  # type: ignore[attr-defined]
    return form


def _note_form(told: requests.RequestTold | None, data: Any = None) -> NoteForm | None:  # noqa: ANN401 - what a form takes
    if told is None or not told.open:
        return None
    form = NoteForm(data, prefix="note")
    theirs = [one for one in rules.MOVES[told.stage] if one not in told.ours]
    form.fields["kind"].choices = [(one.value, MOVES[one]) for one in theirs]  # type: ignore[attr-defined]
    return form


def _diagram() -> Any:  # noqa: ANN401 - the drawing, for the template
    said: Said[Stage, Move] = Said(word, lambda one: str(MOVES[one]), lambda _stage: "")
    return of_table(rules.MOVES, tuple(Stage), said)


@require_POST
@officers_only
def move(request: HttpRequest, uuid: str) -> HttpResponse:
    """Make a move of ours."""
    first = _thread(uuid)
    form = _move_form(requests.tell(first, now()), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        made = Move(said["move"])
        says = {_WORDS_OF.get(made, "words"): said["words"], "days": str(said["days"] or "")}
        try:
            requests.move(uuid, made, says, actor(request), now(), said["road"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Sent, and written into their log."))
            return redirect("thread", uuid)
    return _page(request, first, move_form=form, status=422)


def _is_theirs(first: Message) -> bool:
    return first.kind == Kind.RECALL.value and first.direction == Message.Direction.RECEIVED


@require_POST
@officers_only
def confirm(request: HttpRequest, uuid: str) -> HttpResponse:
    """Say that a partner's recall was read, or is done."""
    first, form = _thread(uuid), ConfirmForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            recalls.confirm(uuid, Kind(said["kind"]), said["words"], actor(request), now(), said["road"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Sent, and written into their log."))
            return redirect("thread", uuid)
    return _page(request, first, status=422, confirm_form=form)


@require_POST
@officers_only
def note(request: HttpRequest, uuid: str) -> HttpResponse:
    """Write down what the other side said by another road."""
    first = _thread(uuid)
    form = _note_form(requests.tell(first, now()), request.POST)
    if form is None:
        raise Http404(uuid)
    if form.is_valid():
        said = form.cleaned_data
        made = Move(said["kind"])
        words = Words(Kind(made.value), first.party_id, {_WORDS_OF.get(made, "words"): said["words"]}
                      if said["words"] else {}, first.agreement, in_reply_to=uuid)  # fmt: skip
        try:
            following.write_down(words, Way(said["road"], said["source"]), actor(request), now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Written down, here and in their log."))
            return redirect("thread", uuid)
    return _page(request, first, note_form=form, status=422)


@require_safe
def carried(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a message of ours as the file that is carried by hand."""
    del request
    row = get_object_or_404(Message, uuid=uuid, direction=Message.Direction.SENT)
    answer = HttpResponse(row.body, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="message-{uuid}.json"'
    return answer
