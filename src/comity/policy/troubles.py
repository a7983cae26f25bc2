"""Why a round with a peer could not go on, or an object did not go through: sentences that the store keeps as words.

What is kept is the English words alone, as logs and programs read them. Each is made from one of the templates here, so
a shell can find the template again and say it in another language.
"""

import enum
import functools
import re
from string import Formatter

from comity.policy.saying import sentence


class Trouble(enum.StrEnum):
    """Every such sentence, as a template for `str.format`."""

    NO_WAY_ON = "it says that there is more, and gives neither `next` nor dates to go on by"
    ONE_DATE = "{count} objects and more stand under the one date {date}, and it gives no `next`"
    NEXT_REFUSED = "it refuses each `next` that it gives, with more objects under the one date {date} than it sends"
    NOT_SAID_YET = "it has not said yet what became of what we gave; its status is asked for again"
    ANSWERED = "it answered {status}"
    ANSWERED_SO = "it answered {status}: {words}"
    NO_ANSWER = "no answer: {reason}"
    WRONG_KEY = "the server shows the key sha256/{found}, which is none of the pinned"
    TOO_LONG = "the answer is longer than {most} bytes; ask for fewer objects a page"
    NO_CERTIFICATES = "the peer’s certificate files cannot be used: {error}"
    ELSEWHERE = "{address} is not on {base}, so it is not asked"
    NO_SUCH = "what came is no {what}: {error}"
    NOT_BOUND = "{slug} does not bind us and {party} now"
    OVERTAKEN = "{name}: another round moved this line"
    UNSETTLED = "{name}: law and stock kept changing while a parcel was made"
    SIGN_IN_MISSING = "{path} is missing: restore the node’s home from its backup, or add the peer anew"
    SIGN_IN_OPEN = "{path} is open to others: run chmod 600 on it, and have the other side change the secret"
    OF_HEADS = "heads of logs: {reason}"
    CONTRADICTS = "its log of us contradicts what was seen before: {finding}; kept as evidence"
    NO_REASON = "no reason is given"
    OTHER_CONTENT = "{id}: version {version} is stored with other content; give the change a later `modified`"
    NOT_MADE_HERE = "{id}: this is an object of ours, and its version {version} was not made here"
    TAKEN_BACK = (
        "{id}: version {version} was taken back and does not return; give the object a later `modified`, or a new id"
    )
    RECALLED = "{id}: version {version} was recalled and does not return; it stays away in every version"
    RECALLED_TO_MEND = (
        "{id}: version {version} was recalled and does not return; "
        "its giver may send a corrected version with a later `modified`"
    )
    APART = (
        "{id}: it says itself that it is an exercise’s, and this collection is for real material; "
        "put it where exercises are"
    )


def read_back(words: str) -> str:
    """Give kept words as the sentence that they were made from, its parts too; as they stand where none fits."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(words)
        if found is not None:
            return sentence(template, **{name: read_back(part) for name, part in found.groupdict().items()})
    return words


@functools.cache
def _patterns() -> tuple[tuple[Trouble, re.Pattern[str]], ...]:  # the longest first: they say the most
    return tuple(sorted(((one, _pattern(one)) for one in Trouble), key=lambda pair: -len(pair[0])))


def _pattern(template: str) -> re.Pattern[str]:
    parts = (re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, _, _ in Formatter().parse(template))
    return re.compile("".join(parts), re.DOTALL)
