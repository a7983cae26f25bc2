"""The fields by which a question or an answer on passing on says what it speaks of."""

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.acts import recorded_law
from comity.policy.consent_scopes import Reach, Scope
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Information, Purpose
from comity.web.sentences import word

REACHES: Final = [
    (Reach.AGREEMENT.value, _("all that came under the agreement")), (Reach.KIND.value, _("a kind of information")),
    (Reach.CASE.value, _("a case")), (Reach.OBJECT.value, _("one object, and what derives from it")),
]  # fmt: skip
TLPS: Final = [("", _("any")), *((one.label, f"TLP:{one.label}") for one in Tlp)]


class ScopeForm(forms.Form):
    """What is spoken of: all, a kind, a case or an object."""

    reach = forms.ChoiceField(label=_("Of what it speaks"), choices=REACHES, required=False)
    name = forms.CharField(label=_("The object’s id, or the case’s name (a number, or a report’s id)"), required=False)
    objects = forms.CharField(label=_("Ids of objects that belong to the case, one a line"), required=False,
                              widget=forms.Textarea({"rows": 2}))  # fmt: skip
    information = forms.ChoiceField(label=_("Of a kind: which category of information"), required=False)
    purpose = forms.ChoiceField(label=_("Of a kind: for which purpose"), required=False)
    tlp_up_to = forms.ChoiceField(label=_("Of a kind: up to which label"), required=False, choices=TLPS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the words of the vocabularies."""
        super().__init__(*args, **kwargs)
        self.choose("information", [("", _("any")), *((one.value, word(one)) for one in Information)])
        self.choose("purpose", [("", _("any")), *((one.value, word(one)) for one in Purpose)])

    def choose(self, name: str, choices: list[tuple[str, str | Promise]]) -> None:
        """Offer choices for a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.choices = choices

    def scope(self) -> Scope:
        """Return what a valid form speaks of."""
        told, reach = self.cleaned_data, Reach(self.cleaned_data["reach"] or Reach.AGREEMENT)
        if reach is Reach.KIND:
            return Scope(reach, "", told["information"], told["purpose"], recorded_law.label(told["tlp_up_to"]))
        return Scope(reach, told["name"].strip()) if reach in {Reach.OBJECT, Reach.CASE} else Scope()

    def listed(self) -> tuple[str, ...]:
        """Return the ids that a valid form counts to the case."""
        return tuple(self.cleaned_data["objects"].split())
