"""Entry into force, leaving and invitations: the published days, and the edges of the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy.entry_terms import Consent, Delay, Terms, TermsError, read

BUDAPEST = {"needed": "5", "among": {"group": "COE", "needed": "3"}, "entry": "3 months; first day of the next month",
            "each": "3 months; first day of the next month", "leaving": "3 months; first day of the next month",
            "invitation_lasts": "5 years"}  # fmt: skip
UN_CRIME = {"needed": "40", "states_only": "yes", "entry": "90 days", "each": "30 days", "leaving": "1 year"}
MALABO = {"needed": "15", "entry": "30 days", "each": "30 days"}
# Consent and entry into force as the depositary's list gives them (verdragen.nl/en/Treaty/Details/009852_w)
LATER = [("2024-06-20", "2024-10-01"), ("2024-07-29", "2024-11-01"), ("2025-08-28", "2025-12-01"),
         ("2004-03-18", "2004-07-01")]  # fmt: skip
FOUNDERS = [("AL", "2002-06-20"), ("HR", "2002-10-17"), ("EE", "2003-05-12"), ("HU", "2003-12-04"),
            ("LT", "2004-03-18")]  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(text)


def everybody(_party: str, _group: str, _day: date) -> bool:
    return True


def nobody(_party: str, _group: str, _day: date) -> bool:
    return False


@pytest.mark.parametrize(("consent", "entered"), LATER)
def test_the_first_of_the_month_after_three_months(consent: str, entered: str) -> None:
    assert read(BUDAPEST).in_force_for(day(consent), day("2004-07-01")) == day(entered)


def test_the_fifth_ratification_brings_the_convention_into_force_for_its_founders() -> None:
    terms = read(BUDAPEST)
    consents = [Consent(party, day(on)) for party, on in FOUNDERS]
    whole = terms.in_force(consents, everybody, frozenset())
    assert whole == day("2004-07-01")
    assert {terms.in_force_for(one.day, whole) for one in consents} == {day("2004-07-01")}
    assert terms.in_force(consents[:4], everybody, frozenset()) is None
    assert terms.in_force(consents, nobody, frozenset()) is None


def test_thirty_days_after_the_fifteenth() -> None:
    consents = [Consent(f"P{n}", day("2023-05-09") - timedelta(days=90 * n)) for n in range(15)]
    assert read(MALABO).in_force(consents, nobody, frozenset()) == day("2023-06-08")


def test_the_ninetieth_day_after_the_fortieth_instrument_where_organisations_do_not_count() -> None:
    consents = [Consent(f"P{n}", day("2027-01-01") + timedelta(days=n)) for n in range(39)]
    with_union = [*consents, Consent("EU", day("2027-03-01"))]
    terms = read(UN_CRIME)
    assert terms.in_force(with_union, nobody, frozenset({"EU"})) is None
    last = Consent("P39", day("2027-03-05"))
    assert terms.in_force([*with_union, last], nobody, frozenset({"EU"})) == day("2027-06-03")


@pytest.mark.parametrize(("start", "effect"), [
    ("2023-11-30", "2024-03-01"),  # three months end on 29 February
    ("2023-12-01", "2024-04-01"),  # … and here on 1 March, so the month after it is April
    ("2024-10-31", "2025-02-01"),
    ("2024-09-30", "2025-01-01"),
])  # fmt: skip
def test_month_ends_and_leap_years(start: str, effect: str) -> None:
    assert Delay.read("3 months; first day of the next month", "entry").after(day(start)) == day(effect)


def test_an_invitation_lasts_five_years() -> None:
    assert read(BUDAPEST).invited_until(day("2024-02-29")) == day("2029-02-27")


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 36))
def test_the_next_month_begins_after_the_period_has_run_out(start: date, months: int) -> None:
    plain = Delay.read(f"{months} months", "entry").after(start)
    found = Delay.read(f"{months} months; first day of the next month", "entry").after(start)
    assert found.day == 1
    assert 0 < (found - plain).days <= 31


@pytest.mark.parametrize("wrong", [
    {"entry": "90 days"}, {"needed": "40"}, {"needed": "0", "entry": "90 days"}, {"needed": "5", "entry": "soon"},
    {"each": "3 months; some day"}, {"covers": {"group": "UN"}}, {"covers": {"group": "UN", "at": "will"}},
    {"ratify": "yes"}, {"each": None},
])  # fmt: skip
def test_what_is_no_term_is_refused_with_its_key(wrong: dict[str, object]) -> None:
    with pytest.raises(TermsError, match=r"[`“]"):
        read(wrong)


def test_no_terms_say_nothing() -> None:
    assert Terms().in_force_for(day("2024-01-01"), day("2020-01-01")) is None
    assert Terms().left(day("2024-01-01")) == day("2024-01-01")
