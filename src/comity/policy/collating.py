"""The order of names in a list, by the letters of a language.

Letters count without their accents first, so that É stands with E; accents and then capitals only tell equal names
apart. Spanish has Ñ as a letter of its own, after N. What is no letter or digit only parts words.
"""

import functools
import unicodedata
from typing import Final

ARTICLES: Final = {"en": "the "}
"""What is passed over at the beginning: The Bahamas stand with B. El Salvador and La Barbade are names as they are."""
OWN_LETTERS: Final = {"es": {"ñ": "n\U0010ffff"}}
"""Letters with an accent that are letters of their own, as what stands after all that begins with the letter before."""
JOINED: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "þ": "th", "ð": "d"})
"""Letters that Unicode does not take apart."""


@functools.lru_cache(maxsize=8192)
def key(name: str, language: str) -> tuple[str, str]:
    """Give what a name is ordered by in a language (`en`, `es`, `fr`): its letters alone, then the name as it is."""
    folded = unicodedata.normalize("NFC", name).lower()
    own = OWN_LETTERS.get(language, {})
    plain = "".join(own.get(sign) or _bare(sign) for sign in folded.translate(JOINED))
    words = " ".join("".join(sign if sign.isalnum() or sign == "\U0010ffff" else " " for sign in plain).split())
    return words.removeprefix(ARTICLES.get(language, "\0")), name


def _bare(sign: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
