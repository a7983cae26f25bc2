"""Template filters: the sentences and words of the pure rooms in the reader’s language."""

from django.template import Library

from comity.acts import names
from comity.policy import exercise_course, exercises
from comity.web import sentences

register = Library()
register.filter("named", names.named)
register.filter("word", sentences.word)
register.filter("say", sentences.say)
register.filter("duty", sentences.duty)
register.filter("scope", sentences.scope)
register.filter("hours", exercises.clock)
register.filter("seconds", exercise_course.shown)
