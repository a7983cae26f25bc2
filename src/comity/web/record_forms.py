"""What an officer writes down for the register: forms, each of which gives the value that its act takes."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.acts import actions, facts, instruments, memberships, names, parties, records
from comity.models import Instrument, Party
from comity.policy.known_days import Day, read_day, written_day
from comity.policy.participation import ActionKind, Bond, InstrumentKind, Precision, Status, legal_kinds
from comity.web import register_words
from comity.web.choosing import DAY, LONG, offer
from comity.web.choosing import parties as everybody

CAPACITIES: Final = {"member": _("member"), "associate member": _("associate member"), "observer": _("observer")}
FACTS: Final = {
    "law": _("law"), "strategy": _("strategy"), "body": _("body"), "event": _("event"),
    "assessment": _("assessment"), "support": _("support"), "rank": _("rank"), "policy": _("policy"),
    "other": _("other"),
}  # fmt: skip
PARTIES: Final = {
    "state": _("state"), "territory": _("territory"), "group": _("group"), "organisation": _("organisation"),
    "agency": _("agency"), "CSIRT": _("CSIRT"),
}  # fmt: skip


class KnownDay(forms.CharField):
    """A day as exactly as it is known: 2024-10-01, 2024-10, 2024, or by 2024-10-02."""

    def clean(self, value: Any) -> Day | None:  # noqa: ANN401 - as Django's own field
        """Read it; None where it is left empty."""
        said = super().clean(value).strip()
        found = read_day(said) if said else None
        if said and found is None:
            raise forms.ValidationError(gettext("Write it as exactly as it is known: 2024-10-01, 2024-10, 2024, or by "
                                                "2024-10-02."))  # fmt: skip
        return found


class Words(forms.CharField):
    """Several words, with commas between them."""

    def clean(self, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as Django's own field
        """Read them."""
        return tuple(part.strip() for part in super().clean(value).split(",") if part.strip())


class Written(forms.Form):
    """A form that knows what it says as the act takes it; call `value` on a valid form."""

    def value(self) -> Any:  # noqa: ANN401 - each form's own
        """Give what it says."""
        raise NotImplementedError


def _when(told: dict[str, Any]) -> dict[str, Any]:
    """Take the day out of what a form says, as the act’s day and precision."""
    day: Day | None = told.pop("on")
    if day is None:
        return {"effective_on": None, "precision": Precision.DAY.value}
    return {"effective_on": day.day, "precision": day.precision.value}


def started(value: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - each act’s own value
    """Fill a form from what was written down before."""
    told = {name: getattr(value, name) for name in value.__slots__}
    found = {name: ", ".join(one) if isinstance(one, tuple) else one for name, one in told.items()}
    if "precision" in told:
        found["on"] = written_day(told["effective_on"], Precision(told["precision"]))
    return {**found, **more}


def _statuses() -> list[tuple[str, str]]:
    return [(one, str(register_words.STATUSES[Status(one)])) for one in records.STATUSES]


class ActionForm(Written):
    """What a party did with an instrument, or what happened to it."""

    kind = forms.ChoiceField(label=_("What was done"))
    party = forms.ChoiceField(label=_("By whom"), required=False)
    on = KnownDay(label=_("With effect on: 2024-10-01, 2024-10, 2024 or by 2024-10-02"), required=False)
    status = forms.ChoiceField(label=_("What the sources make of it"))
    until = forms.DateField(label=_("Last day, of an invitation or a suspension"), widget=DAY, required=False)
    provisions = Words(label=_("Provisions, of a reservation or a declaration, with commas"), required=False)
    says = forms.CharField(label=_("Its words, or what was claimed"), widget=LONG, required=False)
    holds = forms.CharField(label=_("What is known instead, where it is contradicted"), widget=LONG, required=False)
    source = forms.CharField(label=_("Source: an address, a note or a list"), max_length=600)
    read_on = forms.DateField(label=_("Source read on"), widget=DAY)

    def __init__(self, instrument: Instrument, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer what the table of moves allows first, then what can only be said of it."""
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        allowed = legal_kinds(Bond(instrument.bond))
        other = [kind for kind in ActionKind if kind not in allowed]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.choices = [
            (gettext("what can be done with it"), [(one.value, register_words.ACTIONS[one]) for one in allowed]),
            (gettext("what can only be said of it"), [(one.value, register_words.ACTIONS[one]) for one in other]),
        ]
        offer(self, "party", everybody(gettext("nobody: it happened to the whole")))
        offer(self, "status", _statuses())

    def value(self) -> actions.Done:
        """Give the action."""
        told = dict(self.cleaned_data)
        return actions.Done(instrument=self.instrument.slug, **_when(told), **told)


class MembershipForm(Written):
    """Who belongs to what."""

    group = forms.ChoiceField(label=_("Group"))
    member = forms.ChoiceField(label=_("Member"))
    capacity = forms.ChoiceField(label=_("Member as"))
    on = KnownDay(label=_("Since: 2024-10-01, 2024-10, 2024 or by 2024-10-02"), required=False)
    until = forms.DateField(label=_("Last day, if it has ended"), widget=DAY, required=False)
    status = forms.ChoiceField(label=_("What the sources make of it"))
    source = forms.CharField(label=_("Source: an address, a note or a list"), max_length=600)
    read_on = forms.DateField(label=_("Source read on"), widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer groups and parties."""
        super().__init__(*args, **kwargs)
        rows = names.by_name(Party.objects.filter(kind__in=("group", "organisation")))
        offer(self, "group", [(row.code, f"{names.named(row)} ({row.code})") for row in rows])
        offer(self, "member", everybody())
        offer(self, "capacity", [(key, str(words)) for key, words in CAPACITIES.items()])
        offer(self, "status", _statuses())

    def value(self) -> memberships.Belonging:
        """Give the membership."""
        told = dict(self.cleaned_data)
        return memberships.Belonging(**_when(told), **told)


class FactForm(Written):
    """What is known of a party beside instruments."""

    party = forms.ChoiceField(label=_("About whom"))
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title: the law’s, the body’s or the event’s name"), max_length=300)
    topic = forms.CharField(label=_("Topic: records of one topic stand side by side"), max_length=80, required=False)
    says = forms.CharField(label=_("What it says"), widget=LONG, required=False)
    role = forms.CharField(label=_("Role, such as hosted or took part"), max_length=40, required=False)
    counterpart = forms.ChoiceField(label=_("Counterpart: organiser, giver of help"), required=False)
    on = KnownDay(label=_("When: 2024-10-01, 2024-10, 2024 or by 2024-10-02"), required=False)
    until = forms.DateField(label=_("Last day, if it has ended"), widget=DAY, required=False)
    status = forms.ChoiceField(label=_("What the sources make of it"))
    source = forms.CharField(label=_("Source: an address, a note or a list"), max_length=600)
    read_on = forms.DateField(label=_("Source read on"), widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer parties and kinds."""
        super().__init__(*args, **kwargs)
        offer(self, "party", everybody())
        offer(self, "kind", [(key, str(words)) for key, words in FACTS.items()])
        offer(self, "counterpart", everybody(gettext("nobody in particular")))
        offer(self, "status", _statuses())

    def value(self) -> facts.Known:
        """Give the fact."""
        told = dict(self.cleaned_data)
        return facts.Known(**_when(told), **told)


class InstrumentForm(Written):
    """An instrument, as an officer enters it."""

    slug = forms.CharField(label=_("Slug: small letters, digits and hyphens, such as budapest"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title"), max_length=300)
    short = forms.CharField(label=_("As people call it"), max_length=120, required=False)
    reference = forms.CharField(label=_("Reference, such as ETS No. 185"), max_length=200, required=False)
    aliases = Words(label=_("Other names, with commas"), required=False)
    made_by = forms.CharField(label=_("Made or adopted by, in words"), max_length=300, required=False)
    depositary = forms.ChoiceField(label=_("Depositary"), required=False)
    beside = forms.ChoiceField(label=_("Adds to, of a protocol"), required=False)
    topics = Words(label=_("Topics, with commas"), required=False)
    about = forms.CharField(label=_("About"), widget=LONG, required=False)
    source = forms.CharField(label=_("Source: an address, a note or a list"), max_length=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds, parties and instruments."""
        super().__init__(*args, **kwargs)
        kinds = [(one.value, str(register_words.KINDS[one])) for one in InstrumentKind]
        offer(self, "kind", sorted(kinds, key=lambda one: one[1]))
        offer(self, "depositary", everybody(gettext("nobody in particular")))
        rows = names.by_name(Instrument.objects.filter(bond=Bond.TREATY.value))
        offer(self, "beside", [("", gettext("none")), *((row.slug, names.named(row)) for row in rows)])

    def value(self) -> instruments.Described:
        """Give the instrument."""
        return instruments.Described(**self.cleaned_data)


class PartyForm(Written):
    """A party, as an officer enters it."""

    code = forms.CharField(label=_("Code: capital letters, digits and hyphens, such as CIRT-BS"), max_length=16)
    name = forms.CharField(label=_("Name in full"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    common_name = forms.CharField(label=_("As a newspaper writes it"), max_length=200, required=False)
    alpha3 = forms.CharField(label=_("Three-letter code of ISO 3166, of a state"), max_length=3, required=False)
    of = forms.ChoiceField(label=_("The state or body that it belongs to"), required=False)
    aliases = Words(label=_("Other names, with commas"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds and parties."""
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(key, str(words)) for key, words in PARTIES.items()])
        offer(self, "of", everybody(gettext("none")))

    def value(self) -> parties.Entered:
        """Give the party."""
        return parties.Entered(**self.cleaned_data)
