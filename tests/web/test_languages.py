"""No text of the desk escapes translation."""

import re

from django.template.base import Template, TextNode

from tests import messages

TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
SHOWN = re.compile(r"""\b(?:aria-label|title|alt|placeholder|data-label)=["']([^"']*)""")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = frozenset({"Comity", "SHA", "STIX", "TAXII", "TLP", "UTC"})
"""What is called the same in every language."""


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
