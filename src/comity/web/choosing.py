"""Lists to choose from in forms: parties, people at the desk."""

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from comity.acts import names
from comity.models import Party

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
LONG = forms.Textarea(attrs={"rows": 3})


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Put choices into a field of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands in the form
    field.choices = choices


def parties(nobody: str | None = None) -> list[tuple[str, str]]:
    """Offer every party by name, those with whom something is agreed first; before them nobody, in these words."""
    rows = sorted(names.by_name(Party.objects.order_by()), key=lambda row: not row.in_exchange)
    found = [(row.code, f"{names.named(row)} ({row.code})") for row in rows]
    return found if nobody is None else [("", nobody), *found]


def people() -> list[str]:
    """Name everybody who is at the desk."""
    return list(User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True))


def nobody() -> str:
    """Say that none is chosen."""
    return _("nobody in particular")
