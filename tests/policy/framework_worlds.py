"""Frameworks drawn at random: any depth, any stages, texts in one language or several."""

import string

from hypothesis import strategies as st

from comity.policy.frameworks import Aspect, Framework, Indicator, Part, Stage, Text

_SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"])
WORDS = st.text(_SIGNS, min_size=1, max_size=30).filter(str.strip).map(str.strip)
LANGUAGES = ("en", "es", "fr")


def texts(own: str = "en") -> st.SearchStrategy[Text]:
    """Draw a text in the framework’s own language and perhaps others."""
    others = [code for code in LANGUAGES if code != own]
    return st.builds(
        lambda said, more: ((own, said), *sorted(more.items())),
        WORDS,
        st.dictionaries(st.sampled_from(others), WORDS, max_size=2),
    )


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """Draw a framework of one to three levels and one to three stages above its floor."""
    own = draw(st.sampled_from(LANGUAGES))
    said = texts(own)
    either = st.one_of(st.just(()), said)
    count = iter(range(10_000))

    def an_id() -> str:
        return f"{draw(st.sampled_from(string.ascii_letters))}{next(count)}"

    stages = tuple(Stage(f"s{n}", draw(said), draw(either)) for n in range(draw(st.integers(2, 4))))

    def aspect() -> Aspect:
        of = sorted(draw(st.lists(st.integers(1, len(stages) - 1), max_size=4)))
        indicators = tuple(Indicator(an_id(), draw(said), stage) for stage in of)
        floor = tuple(draw(st.lists(said, max_size=2, unique=True)))
        return Aspect(an_id(), draw(said), indicators, floor, draw(st.sampled_from(("", "direct"))), draw(either))

    def part(levels: int) -> Part | Aspect:
        if levels == 1:
            return aspect()
        inner = tuple(part(levels - 1) for _ in range(draw(st.integers(1, 2))))
        return Part(an_id(), draw(said), inner, draw(either))

    depth = draw(st.integers(1, 3))
    parts = tuple(part(depth) for _ in range(draw(st.integers(1, 3))))
    levels = ("dimension", "factor", "aspect")[-depth:]
    sources = tuple(draw(st.lists(WORDS, max_size=2, unique=True)))
    return Framework(an_id(), draw(WORDS), draw(said), draw(WORDS), levels, stages, parts,
                     draw(st.one_of(st.just(""), WORDS)), sources, draw(either))  # fmt: skip
