"""Papers: whatever words stand in a block, they come out as words; every picture has words in its place."""

from datetime import UTC, datetime

from comity.papers.typeset import Heading, Lines, Paper, Picture, Table, Words, pdf
from comity.pictures import curve, gantt
from tests.web.papers import read

AT = datetime(2026, 11, 27, tzinfo=UTC)
MARKUP = "#{1+1} *bold* $x$ @ref <label> [link](x) \\ = no heading"


def test_markup_stays_words_and_the_paper_is_the_same_each_time() -> None:
    bars = [gantt.Bar("<one> & more", 0, 2, "one: 2027 Q1 – 2027 Q2")]
    made = Paper(
        f"Title {MARKUP}", "Ministry", "fr", AT, ["fact"], "foot",
        [Heading(MARKUP), Words(MARKUP, "notice"), Words("line\nbreak", "aside"), Lines([MARKUP]),
         Table(["#a", "b"], [1, 1], [[MARKUP, "1"], ["", ""]], numbers=[1], strong=[0]),
         Picture(gantt.drawn(bars, [("2027", 0)], 4, "title", "about"), "bars"),
         Picture(curve.drawn([(50, None, "–"), (100, 3, "3–4")], "title", "about"), "curve", 0.5)],
    )  # fmt: skip
    language, words = read(pdf(made))
    assert language == "fr"
    assert words.count("#{1+1} *bold* $x$ @ref <label> [link](x)") == 5
    assert pdf(made) == pdf(made)
