"""The TLP scale."""

import pytest

from comity.policy.markings import LABELS, Tlp


def test_labels_are_ordered_from_public_to_named_recipients_only() -> None:
    assert LABELS == ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
    assert Tlp.CLEAR < Tlp.GREEN < Tlp.AMBER < Tlp.AMBER_STRICT < Tlp.RED


@pytest.mark.parametrize("tlp", Tlp)
def test_a_label_reads_back_with_and_without_its_prefix(tlp: Tlp) -> None:
    assert Tlp.read(tlp.label) is tlp
    assert Tlp.read(f"TLP:{tlp.label}") is tlp
    assert Tlp.read(f" tlp:{tlp.label.lower()} ") is tlp


def test_the_white_of_tlp_1_is_clear() -> None:
    assert Tlp.read("WHITE") is Tlp.CLEAR


@pytest.mark.parametrize("text", ["ORANGE", "", "TLP", "AMBER STRICT", "TLP:TLP:RED"])
def test_another_word_is_refused_and_the_labels_are_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"CLEAR, GREEN, AMBER, AMBER\+STRICT, RED"):
        Tlp.read(text)
