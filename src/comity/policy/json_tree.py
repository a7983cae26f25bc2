"""JSON text as a located tree: every value as text, each knowing its line and column; `null` is left out."""

import bisect
import json
import re

from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:([{}\[\]:,])|("(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))"
)
DEEPEST = 60


class JsonProblemError(Exception):
    """Text is no JSON, or none that can be worked with; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.what)
        self.problem = problem


def read_json(content: str) -> Node:
    """Read JSON text; JsonProblemError names the place."""
    return _Reader(content).whole()


class _Reader:
    def __init__(self, content: str) -> None:
        self.content = content
        self.at = 0
        self.starts = [0, *(one.end() for one in re.finditer("\n", content))]
        self.token: re.Match[str] | None = None

    def whole(self) -> Node:
        self.step()
        found = self.value(0)
        if self.content[self.at :].strip() or self.token is not None:
            raise self.wrong(sentence("there is more after the end of the value"), sentence("take it out"))
        return found or Scalar("", 1, 1)

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def wrong(self, what: str, mend: str, offset: int | None = None) -> JsonProblemError:
        where = offset if offset is not None else self.token.start(self.token.lastindex or 0) if self.token else self.at
        return JsonProblemError(Problem(*self.place(min(where, len(self.content))), what, mend))

    def step(self) -> None:
        """Go to the next token; None at the end."""
        found = _TOKEN.match(self.content, self.at)
        if found is None and (rest := self.content[self.at :].lstrip()):
            raise self.wrong(
                sentence("this is not JSON"),
                sentence("check the quotation marks, commas and brackets here and before"),
                len(self.content) - len(rest),
            )
        self.token = found
        self.at = found.end() if found else len(self.content)

    def sign(self) -> str:
        return (self.token.group(1) or "") if self.token else ""

    def value(self, depth: int) -> Node | None:
        if self.token is None or self.sign() in ("}", "]", ":", ","):
            raise self.wrong(
                sentence("a value is missing"), sentence("write one, or take the comma or colon before it out")
            )
        if depth > DEEPEST:
            raise self.wrong(
                sentence("there are more than {most} brackets inside each other", most=DEEPEST),
                sentence("check that they are closed"),
            )
        place = self.place(self.token.start(self.token.lastindex or 0))
        if self.sign() == "{":
            return self.members(place, depth)
        if self.sign() == "[":
            return self.items(place, depth)
        text = self.token.group(3) if self.token.group(3) is not None else self.string()
        null = self.token.group(3) == "null"
        self.step()
        return None if null else Scalar(text, *place)

    def string(self) -> str:
        raw = self.token.group(2) if self.token else '""'
        if "\\" not in raw:
            return raw[1:-1]
        try:
            said = str(json.loads(raw))
        except ValueError as error:
            raise self.wrong(
                sentence("a “\\” stands before a sign that it cannot escape"), sentence("write “\\\\”")
            ) from error
        if "\0" in said:  # which no store of text keeps
            raise self.wrong(sentence("a text holds the character NUL"), sentence("take “\\u0000” out"))
        return said

    def items(self, place: tuple[int, int], depth: int) -> Sequence:
        self.step()
        found: list[Node] = []
        while self.sign() != "]":
            one = self.value(depth + 1)
            found += [] if one is None else [one]
            self.comma("]")
        self.step()
        return Sequence(tuple(found), *place)

    def members(self, place: tuple[int, int], depth: int) -> Mapping:
        self.step()
        found: dict[str, tuple[Scalar, Node]] = {}
        while self.sign() != "}":
            if self.token is None or self.token.group(2) is None:
                raise self.wrong(
                    sentence("a key is missing, or stands without quotation marks"),
                    sentence('write it as "key": value'),
                )
            key = Scalar(self.string(), *self.place(self.token.start(2)))
            if key.text in found:
                raise self.wrong(
                    sentence("“{text}” stands here for the second time", text=key.text), sentence("keep one of the two")
                )
            self.step()
            if self.sign() != ":":
                raise self.wrong(
                    sentence("there is no “:” after “{text}”", text=key.text), sentence('write it as "key": value')
                )
            self.step()
            value = self.value(depth + 1)
            if value is not None:
                found[key.text] = (key, value)
            self.comma("}")
        self.step()
        return Mapping(tuple(found.values()), *place)

    def comma(self, end: str) -> None:
        if self.sign() == ",":
            self.step()
            if self.sign() == end:
                raise self.wrong(sentence("a “,” stands before “{end}”", end=end), sentence("take it out"))
        elif self.sign() != end:
            raise self.wrong(sentence("a “,” or “{end}” is missing", end=end), sentence("add it"))
