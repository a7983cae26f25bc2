"""Names stand in the order of their language: against an alphabet that is written out, letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy.collating import key

ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "fr": "abcdefghijklmnopqrstuvwxyz",
    "es": "abcdefghijklmnñopqrstuvwxyz",
}
ACCENTS = {"á": "a", "é": "e", "è": "e", "ê": "e", "î": "i", "ó": "o", "ü": "u", "ç": "c"}
NAMES = st.lists(st.text("aábceéèênñoózuü", min_size=1, max_size=5), max_size=8)


@pytest.mark.parametrize("language", ALPHABETS)
@given(names=NAMES)
def test_names_stand_as_in_the_alphabet(language: str, names: list[str]) -> None:
    def naive(name: str) -> tuple[list[int], str]:
        known = ALPHABETS[language]
        bare = [sign if sign in known else ACCENTS.get(sign, "n") for sign in name]
        return [known.index(sign) for sign in bare], name

    assert sorted(names, key=lambda name: key(name, language)) == sorted(names, key=naive)


@given(st.text(max_size=20), st.sampled_from(sorted(ALPHABETS)))
def test_any_text_has_its_place(name: str, language: str) -> None:
    assert key(name, language) == key(name, language)
    assert key(name, language)[1] == name


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Åland Islands", "Albania", "The Bahamas", "Côte d’Ivoire", "Curaçao", "Türkiye", "Zambia"]),
        ("es", ["Egipto", "El Salvador", "Emiratos Árabes Unidos", "España", "Níger", "Ñandú", "Omán"]),
        ("fr", ["Égypte", "El Salvador", "Équateur", "Érythrée", "Espagne", "Îles Åland", "Inde", "Œuvre", "Oman"]),
    ],
)
def test_names_of_states_stand_where_a_reader_looks_for_them(language: str, names: list[str]) -> None:
    jumbled = sorted(names, key=len)
    assert sorted(jumbled, key=lambda name: key(name, language)) == names
