"""The sources that people name at the desk: a note, a letter, minutes, an address."""

from datetime import date

from comity.models import Source

WEB = ("https://", "http://")


def named(words: str, read_on: date) -> Source:
    """Return the source that somebody names, as read on a day: an address where it begins like one, else a paper."""
    said = words.strip()
    if said.startswith(WEB):
        return Source.objects.get_or_create(address=said[:600], title="", read_on=read_on)[0]
    made, _new = Source.objects.get_or_create(
        address="", title=said[:400], read_on=read_on, defaults={"kind": Source.Kind.DOCUMENT}
    )
    return made
