"""Sentences that remember what they are made of, so that a shell can say them in another language.

To all who read text it is the sentence in English; `template` and `params` are for who translates.
"""

from typing import Self


class Sentence(str):
    """A sentence in English, with the template (for `str.format`) and the parameters that it was made from."""

    __slots__ = ("params", "template")
    template: str
    params: dict[str, object]

    def __new__(cls, template: str, params: dict[str, object]) -> Self:
        """Fill the template in."""
        made = super().__new__(cls, template.format(**params))
        made.template, made.params = template, params
        return made

    def __getnewargs__(self) -> tuple[str, dict[str, object]]:  # type: ignore[override] # `str` has one argument
        """Give what a copy is made from."""
        return self.template, self.params


def sentence(template: str, /, **params: object) -> Sentence:
    """Make a sentence from a template, which is written out where it is said: it is the key of its translations."""
    return Sentence(template, params)


def of_error(error: Exception) -> str:
    """Give what an error says, its template too; `str` would give the words alone."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, str) else str(error)
