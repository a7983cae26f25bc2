"""What the store keeps of a trouble is found to be the sentence that it was, whatever stands in its places."""

from string import Formatter

from hypothesis import given
from hypothesis import strategies as st

from comity.policy.saying import Sentence, sentence
from comity.policy.troubles import Trouble, read_back

PART = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
ANYTHING = st.text(min_size=1, max_size=30)


def places(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


@given(st.sampled_from(Trouble), st.data())
def test_kept_words_are_the_sentence_they_were(trouble: Trouble, data: st.DataObject) -> None:
    params: dict[str, object] = {name: data.draw(PART) for name in places(trouble)}
    found = read_back(str(sentence(trouble, **params)))
    assert isinstance(found, Sentence)
    assert (found.template, found.params) == (trouble, params)


@given(st.sampled_from(Trouble), st.data())
def test_the_words_stay_the_same_whatever_stands_in_them(trouble: Trouble, data: st.DataObject) -> None:
    words = str(sentence(trouble, **{name: data.draw(ANYTHING) for name in places(trouble)}))
    assert read_back(words) == words


@given(st.text(max_size=40))
def test_other_words_are_given_as_they_stand(words: str) -> None:
    assert read_back(words) == words


def test_a_trouble_within_another_is_found_too() -> None:
    found = read_back("heads of logs: no answer: the line went dead")
    assert isinstance(found, Sentence)
    assert found.template is Trouble.OF_HEADS
    inner = found.params["reason"]
    assert isinstance(inner, Sentence)
    assert inner.template is Trouble.NO_ANSWER
