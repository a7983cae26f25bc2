"""The desk’s language file: what is to be translated, and where each language stands.

    .venv/bin/python -m tests.messages          # takes new texts up into every language’s file, and compiles it

Texts are found in three places: `translate` and `blocktranslate` in the templates (read by Django’s own parser), calls
of gettext in Python (by Babel), and the sentences and closed vocabularies of the pure rooms, which speak no language
of their own. A text that is new comes into `locale/*/LC_MESSAGES/django.po` untranslated, and a test fails until it is.
"""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import Engine
from django.template.base import Node, NodeList, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")
django.setup()

from comity.claims import wording  # noqa: E402 - as below
from comity.claims.judging_acts import KINDS  # noqa: E402 - as below
from comity.policy.grounds import Phrase  # noqa: E402 - the words of the tables need Django to be set up
from comity.policy.troubles import Trouble  # noqa: E402 - as above
from comity.web.sentences import WORDS  # noqa: E402 - as above

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "comity"
TEMPLATES = tuple(SOURCE / room / "templates" for room in ("web", "api"))
LANGUAGES = ("es", "fr")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "sentence": None,
}  # fmt: skip
HEADERS = tuple(f'"{name}: ' for name in (
    "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator",
    "Language-Team", "Generated-By"))  # fmt: skip
"""What Babel writes at the head of a file that is nobody’s here, or that changes by the clock."""
IN_A_FILTER = re.compile(r"""[:=]_\(["']([^"']*)["']\)""")
"""A text that stands as an argument of a filter or tag: `{{ name|default:_("nobody yet") }}`, `with none=_("none")`."""
Text = tuple[str, str | None, str | None]
"""A text as it stands in the source, its plural, and its context."""


def texts() -> dict[Text, str]:
    """Find every text that is shown to a reader, with the first place where it stands."""
    found: dict[Text, str] = {}
    for place, text in (*_in_templates(), *_in_python(), *_in_pure_rooms()):
        found.setdefault(text, place)
    return found


def templates() -> Iterator[tuple[str, Template]]:
    """Yield every template of the desk by its name."""
    engine = Engine.get_default()
    for root in TEMPLATES:
        for path in sorted(root.rglob("*.*")):
            name = str(path.relative_to(root))
            yield name, engine.get_template(name)


def nodes(nodelist: Iterable[Node]) -> Iterator[Node]:
    """Walk every node of a template, in order, those inside blocks included."""
    for node in nodelist:
        yield node
        for name in ("nodelist", "nodelist_true", "nodelist_false", "nodelist_loop", "nodelist_empty"):
            inner = getattr(node, name, None)
            if isinstance(inner, NodeList) and not isinstance(node, BlockTranslateNode):
                yield from nodes(inner)
        for _condition, inner in getattr(node, "conditions_nodelists", ()):
            yield from nodes(inner)


def _in_templates() -> Iterator[tuple[str, Text]]:
    for name, template in templates():
        for words in IN_A_FILTER.findall(template.source):
            yield name, (words.replace("%", "%%"), None, None)
        for node in nodes(template.nodelist):
            if isinstance(node, TranslateNode):
                literal = node.filter_expression.var.literal
                context = node.message_context.var if node.message_context else None
                if literal is not None:
                    yield name, (str(literal).replace("%", "%%"), None, context)
            elif isinstance(node, BlockTranslateNode):
                singular, _names = node.render_token_list(node.singular)
                plural = node.render_token_list(node.plural)[0] if node.plural else None
                yield name, (_trimmed(singular, node), _trimmed(plural, node) if plural else None, None)


def _trimmed(text: str, node: BlockTranslateNode) -> str:
    """Put a text on one line where its block says so, as Django does."""
    return " ".join(line.strip() for line in text.strip().splitlines()) if node.trimmed else text


def _in_python() -> Iterator[tuple[str, Text]]:
    for room in ("web", "documents", "acts", "models", "api", "policy"):
        for path in sorted((SOURCE / room).rglob("*.py")):
            for _line, message, _comments, context in extract("python", io.BytesIO(path.read_bytes()), KEYWORDS):
                singular, plural = message if isinstance(message, tuple) else (message, None)
                yield str(path.relative_to(SOURCE)), (singular, plural, context)


def _in_pure_rooms() -> Iterator[tuple[str, Text]]:
    yield from (("policy/grounds.py", (str(phrase), None, None)) for phrase in Phrase)
    yield from (("policy/troubles.py", (str(trouble), None, None)) for trouble in Trouble)
    yield from (("policy/vocabulary.py", (word, None, None)) for word in sorted(WORDS))
    said = (*map(str, wording.Phrase), *map(str, wording.Settles), *KINDS)
    yield from (("claims/wording.py", (words, None, None)) for words in said if words != wording.Phrase.CHECKED)


def path_of(language: str, kind: str = "po") -> Path:
    """Give the path of a language’s file."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


def catalog(language: str) -> Catalog:
    """Read a language’s file; an empty one where there is none yet."""
    if not path_of(language).exists():
        return Catalog(locale=language)
    return read_po(io.BytesIO(path_of(language).read_bytes()), locale=language)


def compiled(found: Catalog) -> bytes:
    """Compile a language’s texts to the form that gettext reads."""
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # else Babel writes the present one
    into = io.BytesIO()
    write_mo(into, found)
    return into.getvalue()


def taken_up(language: str, wanted: dict[Text, str]) -> Catalog:
    """Give a language’s file with just the texts that are wanted, translated where they were."""
    before = catalog(language)
    after = Catalog(locale=language, header_comment=f"# Comity’s texts: {language}", charset="utf-8", fuzzy=False)
    for (singular, plural, context), place in sorted(wanted.items(), key=lambda one: (one[1], one[0][0])):
        known = before.get(singular, context)
        key = singular if plural is None else (singular, plural)
        same = known is not None and known.id == key
        after.add(key, known.string if known is not None and same else "", locations=[(place, 0)], context=context)
    return after


def translated(message: Message) -> bool:
    """Tell whether a text is translated, its plural too."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def main() -> int:
    """Take up what is new; say how much of each language is still to be translated."""
    wanted = texts()
    for language in LANGUAGES:
        found = taken_up(language, wanted)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        into = io.BytesIO()
        write_po(into, found, width=120)
        lines = into.getvalue().decode().splitlines(keepends=True)
        path_of(language).write_text("".join(line for line in lines if not line.startswith(HEADERS)), encoding="utf-8")
        found = catalog(language)
        path_of(language, "mo").write_bytes(compiled(found))
        missing = sum(1 for message in found if message.id and not translated(message))
        sys.stdout.write(f"{language}: {len(wanted)} texts, {missing} to be translated\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
