"""A framework written down is read back as it was, and its digest tells any two contents apart."""

from dataclasses import replace

from hypothesis import given, settings

from comity.acts import frameworks
from comity.acts.agreement_files import read_tree
from comity.policy import framework_document
from comity.policy.framework_form import read_framework
from comity.policy.frameworks import Framework
from tests.policy import framework_worlds


@settings(max_examples=40, deadline=None)
@given(framework_worlds.frameworks())
def test_what_is_written_is_read_back(framework: Framework) -> None:
    reading = framework_document.read(framework_document.canonical(framework))
    assert reading.problems == ()
    assert reading.framework == framework
    assert read_framework(read_tree(framework_document.yaml(framework))).framework == framework


def test_the_catalogue_is_read_back_from_both_forms() -> None:
    for framework in frameworks.catalogue():
        assert framework_document.read(framework_document.canonical(framework)).framework == framework
        assert read_framework(read_tree(framework_document.yaml(framework))).framework == framework


@settings(max_examples=40, deadline=None)
@given(framework_worlds.frameworks(), framework_worlds.texts("en"))
def test_a_digest_tells_contents_apart(framework: Framework, said: tuple[tuple[str, str], ...]) -> None:
    digest = framework_document.digest(framework)
    assert digest == framework_document.digest(replace(framework))
    other = replace(framework, about=(*framework.about, (f"x-{said[0][1]}", said[0][1])))
    assert digest != framework_document.digest(other)


def test_a_text_that_lacks_the_own_language_is_refused() -> None:
    told = "framework: x\nedition: '1'\nowner: o\nlanguage: fr\nname: {en: Ports}\n"
    found = {one.line: one.what for one in read_framework(read_tree(told)).problems}
    assert (5, found[5]) == (5, "`name` of the framework is not told in “fr”, the framework’s own language")
