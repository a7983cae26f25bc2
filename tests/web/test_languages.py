"""The desk speaks every language that it offers: nothing is left untranslated, and no text escapes translation."""

import re

import pytest
from django.template.base import Template, TextNode
from django.test import Client
from django.urls import reverse

from tests import messages
from tests.web.test_pages import every_page

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


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_page_is_in_the_reader_s_language(officer: Client, language: str) -> None:
    officer.post(reverse("set_language"), {"language": language, "next": "/"})
    for address in every_page():
        body = officer.get(address).content.decode()
        assert f'<html lang="{language}">' in body, address
        assert ">Sign out<" not in body, address
