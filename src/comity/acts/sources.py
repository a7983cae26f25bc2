"""The sources that people name at the desk: a note, a letter, minutes, an address."""

from datetime import date

from django.db.models import Q

from comity.models import Source

WEB = ("https://", "http://")


def named(words: str, read_on: date) -> Source:
    """Return the source that somebody names, as read on a day: one that is there, an address, else a paper."""
    said = words.strip()
    there = Source.objects.filter(Q(address=said) | Q(address="", title=said), read_on=read_on).order_by("pk").first()
    if there is not None:
        return there
    if said.startswith(WEB):
        return Source.objects.get_or_create(address=said[:600], title="", read_on=read_on)[0]
    made, _new = Source.objects.get_or_create(
        address="", title=said[:400], read_on=read_on, defaults={"kind": Source.Kind.DOCUMENT}
    )
    return made
