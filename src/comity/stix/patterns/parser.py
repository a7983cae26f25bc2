"""The grammar of STIX patterns (STIX 2.1 §9): from text to tree.

AND binds closer than OR, and OR closer than FOLLOWEDBY (§9.4); qualifiers bind to the expression right before them.
What partners send is read here, so length and depth are bounded, and no input makes reading slow.
"""

from typing import Final, NoReturn

from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.lexer import Word, words
from comity.stix.patterns.literals import number, typed, unquoted
from comity.stix.patterns.shapes import read_common
from comity.stix.patterns.tree import (
    ALL,
    AllOf,
    AnyOf,
    Between,
    Both,
    Comparison,
    Condition,
    Either,
    Expression,
    Followed,
    Literal,
    Moment,
    Path,
    Repeated,
    Seen,
    Step,
    Within,
)

LONGEST: Final = 1_000_000
"""Characters of a pattern. The standard has no bound; a partner's pattern must not fill this node's memory."""
DEEPEST: Final = 64
"""Parentheses inside one another."""

_EQUALITY: Final = {"=": "=", "==": "=", "!=": "!=", "<>": "!="}
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_TEXTUAL: Final = frozenset({"LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"})


def read(pattern: str) -> Expression:
    """Return a pattern's tree; PatternError names the first character at which it breaks the grammar."""
    if len(pattern) > LONGEST:
        raise PatternError(LONGEST + 1, f"The pattern is longer than {LONGEST:,} characters.", "Split it.")
    return read_common(pattern) or _Reading(pattern).whole()


def read_by_grammar(pattern: str) -> Expression:
    """Return a pattern's tree as `read` does, by the grammar alone."""
    return _Reading(pattern).whole()


class _Reading:
    """One pattern being read: its words, and the place reached."""

    def __init__(self, pattern: str) -> None:
        self.words = list(words(pattern))
        self.place = 0
        self.depth = 0

    def whole(self) -> Expression:
        """Read to the end."""
        read = self.followed()
        if self.word.kind != "end":
            self.fail("Nothing may stand here", "Join expressions with AND, OR or FOLLOWEDBY, or take it out.")
        return read

    @property
    def word(self) -> Word:
        return self.words[self.place]

    def next(self) -> Word:
        """Take a word."""
        word = self.words[self.place]
        self.place += word.kind != "end"
        return word

    def took(self, text: str) -> bool:
        """Take a mark or keyword when it is the next word."""
        word = self.words[self.place]
        if word.text == text and word.kind in {"mark", "keyword"}:
            self.place += 1
            return True
        return False

    def need(self, text: str, mend: str) -> None:
        """Take a mark or keyword that must stand here."""
        if not self.took(text):
            self.fail(f"Here must be {text}", mend)

    def fail(self, says: str, mend: str) -> NoReturn:
        """Refuse the next word."""
        shown = self.word.text if len(self.word.text) < len(says) + 20 else self.word.text[:40] + "…"
        raise PatternError(self.word.position, f"{says}, not {shown}.", mend)

    def deeper(self) -> None:
        """Enter a parenthesis."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"Parentheses are more than {DEEPEST} deep", "Take out those that are not needed.")

    # Observation expressions (§9.5)

    def followed(self) -> Expression:
        parts = [self.any_of()]
        while self.took("FOLLOWEDBY"):
            parts.append(self.any_of())
        return parts[0] if len(parts) == 1 else Followed(tuple(parts))

    def any_of(self) -> Expression:
        parts = [self.all_of()]
        while self.took("OR"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Expression:
        parts = [self.qualified()]
        while self.took("AND"):
            parts.append(self.qualified())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def qualified(self) -> Expression:
        """Read one observation expression and its qualifiers, each kind once (§9.5.1)."""
        read = self.observation()
        had: set[str] = set()
        while self.word.kind == "keyword" and self.word.text in {"WITHIN", "REPEATS", "START"}:
            if self.word.text in had:
                self.fail(f"{self.word.text} stands here twice", "Keep one, or put parentheses around the first.")
            had.add(self.word.text)
            read = self.qualifier(read)
        return read

    def observation(self) -> Expression:
        """Read what stands in square brackets or in parentheses."""
        if self.took("("):
            self.deeper()
            inner = self.followed()
            self.need(")", "Close the parenthesis.")
            self.depth -= 1
            return inner
        self.need("[", "Write a comparison in square brackets: [ipv4-addr:value = '203.0.113.7'].")
        condition = self.either()
        self.need("]", "Join comparisons with AND or OR, or close the square bracket.")
        return Seen(condition)

    def qualifier(self, inner: Expression) -> Expression:
        """Read WITHIN, REPEATS or START … STOP."""
        if self.took("WITHIN"):
            seconds = self.positive("WITHIN takes a positive number of seconds")
            self.need("SECONDS", "Write WITHIN n SECONDS.")
            return Within(inner, seconds)
        if self.took("REPEATS"):
            times = self.positive("REPEATS takes a positive whole number", whole=True)
            self.need("TIMES", "Write REPEATS n TIMES.")
            return Repeated(inner, int(times))
        self.need("START", "Write START t'…' STOP t'…'.")
        start = self.moment()
        self.need("STOP", "Write START t'…' STOP t'…'.")
        return Between(inner, start, self.moment())

    def positive(self, says: str, *, whole: bool = False) -> int | float:
        word = self.word
        value = number(word) if word.kind == "number" else 0
        if value <= 0 or (whole and not isinstance(value, int)):
            self.fail(says, "Write a number above zero.")
        self.place += 1
        return value

    def moment(self) -> Moment:
        word = self.word
        value = typed(word) if word.kind == "typed" else None
        if not isinstance(value, Moment):
            self.fail("Here must be a timestamp", "Write t'2026-11-23T10:00:00Z'.")
        self.place += 1
        return value

    # Comparison expressions (§9.6)

    def either(self) -> Condition:
        parts = [self.both()]
        while self.took("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Condition:
        parts = [self.comparison()]
        while self.took("AND"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def comparison(self) -> Condition:
        if self.took("("):
            self.deeper()
            inner = self.either()
            self.need(")", "Close the parenthesis.")
            self.depth -= 1
            return inner
        if self.word.text in {"NOT", "EXISTS"} and self.word.kind == "keyword":
            negated = self.took("NOT")
            self.need("EXISTS", "Write NOT after the path, or NOT EXISTS before it.")
            return Comparison(self.path(), "EXISTS", (), negated)
        path = self.path()
        negated = self.took("NOT")
        word = self.next()
        if word.text in _EQUALITY and word.kind == "mark":
            return Comparison(path, _EQUALITY[word.text], self.literal(), negated)
        if word.text in _ORDER and word.kind == "mark":
            return Comparison(path, word.text, self.orderable(), negated)
        if word.kind == "keyword" and word.text == "IN":
            return Comparison(path, "IN", self.members(), negated)
        if word.kind == "keyword" and word.text in _TEXTUAL:
            return Comparison(path, word.text, self.string(), negated)
        says = f"Here must be a comparison operator, not {word.text[:40]}."
        raise PatternError(word.position, says, "Write = != > < >= <= IN LIKE MATCHES ISSUBSET or ISSUPERSET.")

    def path(self) -> Path:
        """Read an object path (§9.7)."""
        if self.word.kind != "name":
            self.fail("Here must be an object’s type", "Write a path such as ipv4-addr:value.")
        kind = self.next().text
        self.need(":", "Write a colon between type and property.")
        steps: list[Step] = [self.key()]
        while True:
            if self.took("."):
                steps.append(self.key())
            elif self.took("["):
                steps.append(self.position())
                self.need("]", "Close the list position.")
            else:
                return Path(kind, tuple(steps))

    def key(self) -> str:
        """Read a property's name or a quoted key."""
        word = self.word
        if word.kind == "string":
            self.place += 1
            return unquoted(word.text)
        if word.kind != "name":
            self.fail("Here must be a property’s name", "Quote names of other characters: hashes.'SHA-256'.")
        if "-" in word.text:
            self.fail("A name with a hyphen must be quoted", f"Write '{word.text}'.")
        self.place += 1
        return word.text

    def position(self) -> int:
        """Read a list position or `*`."""
        if self.took("*"):
            return ALL
        word = self.word
        if word.kind != "number" or "." in word.text or word.text.startswith("-"):
            self.fail("Here must be a list position", "Write a whole number from 0, or *.")
        self.place += 1
        return int(number(word))

    def members(self) -> tuple[Literal, ...]:
        """Read the set of IN."""
        self.need("(", "Write the constants of IN in parentheses.")
        if self.took(")"):
            return ()
        read = [self.literal()]
        while self.took(","):
            read.append(self.literal())
        self.need(")", "Part constants by commas, and close the parenthesis.")
        return tuple(read)

    def orderable(self) -> Literal:
        if self.word.kind == "keyword" and self.word.text in {"true", "false"}:
            self.fail("What is ordered cannot be true or false", "Write a number, a timestamp or a string.")
        return self.literal()

    def literal(self) -> Literal:
        """Read a constant (§9.2)."""
        word = self.next()
        if word.kind == "string":
            return unquoted(word.text)
        if word.kind == "number":
            return number(word)
        if word.kind == "typed":
            return typed(word)
        if word.kind == "keyword" and word.text in {"true", "false"}:
            return word.text == "true"
        says = f"Here must be a constant, not {word.text[:40]}."
        raise PatternError(word.position, says, "Write a number, true, false, or a text in single quotation marks.")

    def string(self) -> str:
        if self.word.kind != "string":
            self.fail("Here must be a string", "Write it in single quotation marks.")
        return unquoted(self.next().text)
