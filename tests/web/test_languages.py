"""The desk speaks every language that it offers: nothing is left untranslated, and no text escapes translation."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Template, TextNode
from django.test import Client
from django.urls import reverse

from comity.acts import agreement_files
from comity.policy.agreement_tree import agreement_tree
from comity.policy.tree import Node, Scalar, Sequence
from tests import messages
from tests.web.test_pages import every_page

CATALOGUES = Path(__file__).parents[2] / "catalogues"
EXAMPLE, AGREEMENTS = CATALOGUES / "example", CATALOGUES / "agreements"
PLACES = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
SHOWN = re.compile(r"""\b(?:aria-label|title|alt|placeholder|data-label)=["']([^"']*)""")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = frozenset({"Comity", "CSV", "JSON", "PDF", "SHA", "STIX", "TAXII", "TLP", "UTC", "XLSX"})
"""What is called the same in every language."""


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    found = messages.catalog(language)
    wanted = messages.texts()
    for (singular, plural, context), place in wanted.items():
        message = found.get(singular, context)
        assert message is not None, f"{place}: {singular!r} is not in the file; run python -m tests.messages"
        assert message.id == (singular if plural is None else (singular, plural)), place
        assert messages.translated(message), f"{place}: {singular!r} is not translated"
    assert len(found) == len(wanted), "a text is left over; run python -m tests.messages"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    for message in messages.catalog(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = set(PLACES.findall(ids[-1]))
        for form in forms:
            assert set(PLACES.findall(str(form))) <= wanted | set(PLACES.findall(ids[0])), message.id
        assert set(PLACES.findall(str(forms[-1]))) == wanted, message.id


def test_french_signs_do_not_part_from_their_words() -> None:
    parted = re.compile(r"« | »|[\w»)”’] [:;?!](?:\s|$)")
    forms = [form for one in messages.catalog("fr") if one.id
             for form in (one.string if isinstance(one.string, tuple | list) else (one.string,))]  # fmt: skip
    assert [form for form in forms if parted.search(str(form))] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_gettext_reads_is_the_file(language: str) -> None:
    assert messages.path_of(language, "mo").read_bytes() == messages.compiled(messages.catalog(language))


def test_no_text_in_a_template_escapes_translation() -> None:
    escaped = [
        f"{name}: {text.strip()[:80]}"
        for name, template in messages.templates()
        for text in _literal(template)
        if any(word not in NAMES for word in WORD.findall(text))
    ]
    assert escaped == []


def _literal(template: Template) -> list[str]:
    """Give what a template says itself, between its tags and in the attributes that are read or shown."""
    whole = "".join(node.s if isinstance(node, TextNode) else "\0" for node in messages.nodes(template.nodelist))
    return [*TAG.sub("\0", whole).split("\0"), *SHOWN.findall(whole)]


ENGLISH = re.compile(
    r"\b(?:the|of|is|was|are|with|and|for|by|from|this|that|which|what|who|its|their|our|they|each|when|where|asked)\b"
)
"""Words that stand in most English sentences, and are none of Spanish or French."""
UNSEEN = frozenset({"script", "style", "pre", "textarea", "code"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "rect", "use", "circle", "wbr", "col", "line"})


class Shown(HTMLParser):
    """What a page shows or says aloud, text by text, but code and what is marked as English."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.passed_over():
            self.texts += [value for name, value in attrs if value and name in {"aria-label", "title", "data-label"}]
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag: str) -> None:
        at = next((at for at in reversed(range(len(self.open))) if self.open[at][0] == tag), None)
        if at is not None:
            del self.open[at:]

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.passed_over():
            self.texts.append(" ".join(data.split()))

    def passed_over(self) -> bool:
        """Tell whether what stands here is no text of the desk’s own."""
        said = next((lang for _tag, lang in reversed(self.open) if lang), "")
        return said == "en" or any(tag in UNSEEN for tag, _lang in self.open)


def written_by_others() -> list[str]:
    """Give what partners, counsel and the tests wrote, the longest first: no language but theirs."""
    objects = json.dumps([json.loads(path.read_text(encoding="utf-8")) for path in EXAMPLE.glob("*.json")])
    found = set(re.findall(r'"(?:name|abstract|description|value|type|relationship_type)": "([^"]+)"', objects))
    texts = [agreement_files.read_file(path) for path in AGREEMENTS.glob("*.yaml")]
    adopted = [one.agreement for one in texts if one.agreement is not None]
    found |= {text for one in adopted for text in _words_of(agreement_tree(one))}
    return sorted((" ".join(one.split()) for one in found | OF_TESTS), key=len, reverse=True)


def _words_of(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        yield from (text for one in node.items for text in _words_of(one))
    else:
        yield from (text for key, value in node.entries for text in (key.text, *_words_of(value)))


OF_TESTS = {
    "from-ardenia",
    "Access from a ministry's network",
    "or by 2024-10-02",
    "o by 2024-10-02",
    "ou by 2024-10-02",
}
"""What the tests wrote, and how a day is written in a file."""


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_page_is_in_the_reader_s_language(officer: Client, language: str) -> None:
    officer.post(reverse("set_language"), {"language": language, "next": "/"})
    others, left = written_by_others(), []
    for address in every_page():
        body = officer.get(address).content.decode()
        assert f'<html lang="{language}">' in body, address
        assert ">Sign out<" not in body, address
        for text in Shown(body).texts:
            own = text
            for theirs in others if ENGLISH.search(text) else ():
                own = own.replace(theirs, "")
            if ENGLISH.search(own):
                left.append(f"{address}: {text}")
    assert left == [], "\n".join(left)


def test_the_words_of_an_agreement_are_marked_by_their_language(officer: Client) -> None:
    officer.cookies["django_language"] = "es"
    said = officer.get(reverse("agreement", args=["bs-xa-cyber-mou"])).content.decode()
    assert said.count('<p class="says" lang="en">') > 5
