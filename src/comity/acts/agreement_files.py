"""Agreement files: YAML in, a located tree out, every scalar as text; and an agreement's text read as an agreement.

YAML is read event by event, not loaded: so no scalar is ever typed, every node keeps its line, a key that comes twice
is seen, and what has no place in such a file (anchors, tags, several documents) is refused where it stands.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import yaml

from comity.policy.agreement_form import Reading, read_agreement
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence

LARGEST = 1_000_000
DEEPEST = 20
FIRST = (1, 1)
_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileProblemError(Exception):
    """A file could not be read as a tree; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.what)
        self.problem = problem


def read_file(path: Path) -> Reading:
    """Read an agreement file; OSError when there is no such file, everything else is a problem in the reading."""
    with path.open("rb") as file:
        return read_bytes(file.read(LARGEST + 1))


def read_bytes(content: bytes) -> Reading:
    """Read the bytes of an agreement file."""
    try:
        return read_agreement(read_tree(_text(content)))
    except FileProblemError as error:
        return Reading(None, (error.problem,))


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        what = sentence("the file is larger than {most} MB", most=LARGEST // 1_000_000)
        raise FileProblemError(Problem(*FIRST, what, sentence("check that this is an agreement file")))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8-sig", errors="replace")
        line, column = good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1
        what = sentence("the file is not UTF-8 text from here on")
        raise FileProblemError(Problem(line, column, what, sentence("save it as UTF-8"))) from error


def read_tree(content: str) -> Node:
    """Read YAML text as a located tree; raise FileProblemError with the place."""
    events = _events(content)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            root = _node(events, next(events), 0)
            _no_more(events)
            return root
    return Scalar("", *FIRST)


def _events(content: str) -> Iterator[yaml.Event]:
    """Give the events of YAML text: by libyaml where it is there, an eighth of the time, and by PyYAML from a fault on.

    Only PyYAML's own reader places a fault and words it as `_yaml_words` knows it.
    """
    given = 0
    try:
        for event in yaml.parse(content, Loader=_QUICK):
            yield event
            given += 1
    except yaml.YAMLError:
        yield from islice(_slowly(content), given, None)


def _slowly(content: str) -> Iterator[yaml.Event]:
    """Give the events of YAML text; its errors are raised as problems."""
    try:
        yield from yaml.parse(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = FIRST if mark is None else (mark.line + 1, mark.column + 1)
        raise FileProblemError(Problem(*place, *_yaml_words(error))) from error
    except yaml.reader.ReaderError as error:
        before = content[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        what = sentence("there is a character that no text file should have")
        raise FileProblemError(Problem(line, column, what, sentence("take it out"))) from error


def _yaml_words(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """Put the parser's commonest complaints into plain words."""
    said = error.problem or error.context or sentence("it cannot be read")
    if "'\\t'" in said:
        return sentence("there is a tab where YAML wants spaces"), sentence("use spaces to indent")
    if "mapping values are not allowed" in said:
        mend = sentence("put the text between quotation marks, or check the indentation")
        return sentence("there is a “:” where none can be"), mend
    if "could not find expected ':'" in said:
        return sentence("a key has no “:” after it"), sentence("write it as `key: value`")
    if "found unexpected end of stream" in said:
        return sentence("a quotation mark is opened and never closed"), sentence("close it")
    if "expected ',' or" in said:
        what = sentence("a bracket or brace is not closed, or a comma is missing")
        return what, sentence("close it, or add the comma")
    mend = sentence("check the indentation, brackets and quotation marks, here and in the lines before")
    return sentence("this is not YAML ({said})", said=said), mend


def _node(events: Iterator[yaml.Event], event: yaml.Event, depth: int) -> Node:
    line, column = _place(event)
    if depth > DEEPEST:
        what = sentence("there are more than {most} levels of indentation", most=DEEPEST)
        raise FileProblemError(Problem(line, column, what, sentence("check the indentation and brackets")))
    _plain(event, line, column)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, line, column)
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(tuple(_members(events, depth)), line, column)
    return Mapping(tuple(_entries(events, depth)), line, column)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return FIRST if mark is None else (mark.line + 1, mark.column + 1)


def _plain(event: yaml.Event, line: int, column: int) -> None:
    """Refuse what an agreement file has no use for."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        what = sentence("an anchor (&) or alias (*) stands here")
        raise FileProblemError(
            Problem(line, column, what, sentence("write the text out, or put it between quotation marks"))
        )
    tag = getattr(event, "tag", None)
    if tag is not None:
        what = sentence("the tag {tag} stands here", tag=tag)
        raise FileProblemError(Problem(line, column, what, sentence("take it out: every value is text")))


def _members(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(events, event, depth + 1)


def _entries(events: Iterator[yaml.Event], depth: int) -> Iterator[tuple[Scalar, Node]]:
    seen: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        key = _node(events, event, depth + 1)
        if not isinstance(key, Scalar):
            raise FileProblemError(
                Problem(key.line, key.column, sentence("a key is not text"), sentence("write it as `key: value`"))
            )
        if key.text in seen:
            what = sentence(
                "“{text}” stands here for the second time; the first is in line {first}",
                text=key.text,
                first=seen[key.text],
            )
            raise FileProblemError(Problem(key.line, key.column, what, sentence("keep one of the two")))
        seen[key.text] = key.line
        yield key, _node(events, next(events), depth + 1)


def _no_more(events: Iterator[yaml.Event]) -> None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            raise FileProblemError(
                Problem(
                    *_place(event), sentence("a second document begins here"), sentence("keep one agreement in a file")
                )
            )
