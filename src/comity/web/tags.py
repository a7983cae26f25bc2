"""Template filters: the sentences and words of the pure rooms in the reader’s language."""

from django.template import Library

from comity.acts import names
from comity.acts.spoken import spoken
from comity.policy import exercise_course, exercises, troubles
from comity.web import sentences

register = Library()
register.filter("named", names.named)
register.filter("word", sentences.word)
register.filter("say", sentences.say)
register.filter("duty", sentences.duty)
register.filter("scope", sentences.scope)
register.filter("hours", exercises.clock)
register.filter("seconds", exercise_course.shown)


@register.filter
def trouble(words: str) -> str:
    """Say what the store keeps of why a round or an object did not go through; other words as they stand."""
    return spoken(troubles.read_back(words))
