"""Template filters: the sentences and words of the pure rooms in the reader’s language."""

import re

from django.template import Library
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from comity.acts import names
from comity.acts.spoken import spoken
from comity.policy import exercise_course, exercises, troubles
from comity.policy.saying import Sentence
from comity.web import sentences

register = Library()
register.filter("named", names.named)
register.filter("word", sentences.word)
register.filter("say", sentences.say)
register.filter("duty", sentences.duty)
register.filter("scope", sentences.scope)
register.filter("hours", exercises.clock)
register.filter("seconds", exercise_course.shown)

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2})?")


@register.filter
def dates(words: str) -> SafeString:
    """Give words, safe for a page, with each date in one piece: it does not break at its hyphens."""
    return mark_safe(_MOMENT.sub(r"<time>\g<0></time>", conditional_escape(words)))  # noqa: S308 - escaped here, and digits alone added


@register.filter
def trouble(words: str) -> str:
    """Say what the store keeps of why a round or an object did not go through; other words as they stand."""
    return spoken(troubles.read_back(words))


@register.filter
def in_english(words: str) -> bool:
    """Tell whether kept words are none of the sentences that can be said in another language."""
    return not isinstance(troubles.read_back(words), Sentence)
