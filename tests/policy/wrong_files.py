"""Wrong agreement files, each made from the right one by one edit, and what must be said of it.

An entry names the mistake, the text to replace, what to put there, a piece of the line on which the problem must be
reported, and the words that the report must have. Where the piece stands on several lines, the first one counts.
"""

from typing import NamedTuple


class Wrong(NamedTuple):
    """One wrong file."""

    name: str
    old: str
    new: str
    on_line_with: str
    words: tuple[str, ...]


SETTLES = """settles:
  whose_holidays_count: receiver
  month_end_rule: last day of the month
  last_day_inside: yes
  consent_survives_suspension: yes
  silence_is_consent: no
  beside_other_agreements: narrows
  backlog_for_new_party: all
"""

WRONG_FILES = (
    Wrong(
        "a day for ever",
        'in_force: "2027-04-01"',
        'in_force: "9999-12-31"',
        "in_force: ",
        ("too far off", "1900 to 2200"),
    ),
    Wrong(
        "a term of a thousand years",
        "first_term: 3 years",
        "first_term: 1000 years",
        "first_term",
        ("longer than 100 years", "take the field out"),
    ),
    Wrong("misspelt key", "force: political", "fource: political", "fource", ("no field “fource”", "“force”")),
    Wrong("misspelt clause key", "tlp_up_to: AMBER}", "tlp_upto: AMBER}", "tlp_upto", ("“tlp_upto”", "“tlp_up_to”")),
    Wrong(
        "misspelt effect",
        "effect: may, action: [share], information: [exercise",
        "effect: my, action: [share], information: [exercise",
        "effect: my",
        ("“my”", "“may”"),
    ),
    Wrong(
        "unknown category",
        "[technical indicators, incident report],",
        "[technical indicator, incident report],",
        "[technical indicator,",
        ("“technical indicator”", "write “technical indicators”"),
    ),
    Wrong(
        "unknown purpose",
        "purpose: [training]",
        "purpose: [espionage]",
        "espionage",
        ("“espionage”", "write one of", "prevention"),
    ),
    Wrong(
        "unknown action", "action: [pass on], except", "action: [forward], except", "forward", ("“forward”", "pass on")
    ),
    Wrong(
        "a TLP label that does not exist",
        "tlp_up_to: AMBER}",
        "tlp_up_to: ORANGE}",
        "ORANGE",
        ("“ORANGE”", "CLEAR, GREEN, AMBER, AMBER+STRICT, RED"),
    ),
    Wrong(
        "a limit on a prohibition",
        "purpose: [criminal evidence], instead",
        "purpose: [criminal evidence], tlp_up_to: RED, instead",
        "criminal evidence], tlp",
        ("no upper limit", "when:"),
    ),
    Wrong(
        "a day that does not exist",
        'in_force: "2027-04-01"',
        'in_force: "2027-02-30"',
        "2027-02-30",
        ("2027-02-30", "does not have"),
    ),
    Wrong(
        "a day in another order",
        'in_force: "2027-04-01"',
        "in_force: 01.04.2027",
        "01.04.2027",
        ("not a day", "2026-04-01"),
    ),
    Wrong(
        "a thirteenth month",
        '{BS: ["2027-07-12"], AR: []}',
        '{BS: ["2027-13-12"], AR: []}',
        "2027-13-12",
        ("2027-13-12", "does not have"),
    ),
    Wrong("a holiday of no party", "AR: []}}", "NR: []}}", "NR: []", ("“NR”", "no such party", "AR, BS")),
    Wrong(
        "Norway is no",
        "receiver: BS, acknowledge",
        "receiver: NO, acknowledge",
        "receiver: NO",
        ("“NO”", "no such party", "AR, BS"),
    ),
    Wrong(
        "a truth value where a word belongs",
        "silence_means: refusal",
        "silence_means: no",
        "silence_means: no",
        ("“no”", "consent", "refer to counsel", "refusal"),
    ),
    Wrong(
        "a time to answer where nobody is asked",
        "tlp_up_to: AMBER}",
        "tlp_up_to: AMBER, silence_after: 5 working days}",
        "silence_after",
        ("nothing in it turns on the originator’s consent", "originator_consent"),
    ),
    Wrong(
        "a time to answer that is none",
        "silence_means: refusal",
        "silence_means: refusal, silence_after: soon",
        "silence_after: soon",
        ("not a length of time", "5 working days"),
    ),
    Wrong(
        "an unknown time zone", "America/Nassau", "Bahamas/Nassau", "Bahamas/Nassau", ("no time zone", "America/Nassau")
    ),
    Wrong(
        "a party in small letters",
        "{BS: Commonwealth of The Bahamas, AR:",
        "{BS: Commonwealth of The Bahamas, xq: Nowhere, AR:",
        "xq: Nowhere",
        ("“xq”", "capital letters"),
    ),
    Wrong(
        "one party alone",
        ', AR: Republic of Ardenia}\nclock: {time_zone: America/Nassau, holidays: {BS: ["2027-07-12"], AR: []}}',
        "}\nclock: {time_zone: America/Nassau}",
        "parties:",
        ("names 1 only", "two parties or more"),
    ),
    Wrong(
        "a period with a misspelt unit",
        "first_term: 3 years",
        "first_term: 3 yaers",
        "3 yaers",
        ("“3 yaers”", "write “years”"),
    ),
    Wrong(
        "a negative period",
        "notice: 6 months",
        "notice: -6 months",
        "-6 months",
        ("“-6 months”", "not a length of time"),
    ),
    Wrong(
        "a period of nothing", "stop_notice: 90 days", "stop_notice: 0 days", "0 days", ("“0 days”", "a number from 1")
    ),
    Wrong(
        "a term in hours",
        "each: 2 years",
        "each: 48 hours",
        "48 hours",
        ("counted in hours", "days, weeks, months or years"),
    ),
    Wrong("a renewal without a term", "  first_term: 3 years\n", "", "renewal: {", ("no term to renew", "first_term")),
    Wrong(
        "a renewal that cannot be stopped in time",
        "stop_notice: 90 days",
        "stop_notice: 4 years",
        "stop_notice: 4 years",
        ("before it begins", "shorter"),
    ),
    Wrong("an unknown kind of renewal", "kind: tacit", "kind: silent", "kind: silent", ("“silent”", "express, tacit")),
    Wrong(
        "a survival clause that is not there",
        "ended: [A4.4, A4.5]",
        "ended: [A4.4, A4.9]",
        "A4.9",
        ("“A4.9”", "no such clause", "A4."),
    ),
    Wrong(
        "survival said twice",
        "\nsettles:",
        "\n  still_binds_when_ended: [A4.4]\nsettles:",
        "still_binds_when_ended:",
        ("stands beside", "keep one"),
    ),
    Wrong("no answers by counsel", SETTLES, "", "agreement:", ("lacks `settles`", "seven questions")),
    Wrong(
        "whose holidays is not settled",
        "  whose_holidays_count: receiver\n",
        "",
        "month_end_rule",
        ("lacks `whose_holidays_count`", "Whose holidays count?"),
    ),
    Wrong(
        "the month-end rule is not settled",
        "  month_end_rule: last day of the month\n",
        "",
        "whose_holidays_count",
        ("lacks `month_end_rule`", "no such day?"),
    ),
    Wrong(
        "the last day is not settled",
        "  last_day_inside: yes\n",
        "",
        "whose_holidays_count",
        ("Is the last day of a period inside it?",),
    ),
    Wrong(
        "the survival of consent is not settled",
        "  consent_survives_suspension: yes\n",
        "",
        "whose_holidays_count",
        ("Does a consent given before a suspension survive it?",),
    ),
    Wrong("silence is not settled", "  silence_is_consent: no\n", "", "whose_holidays_count", ("Is silence consent?",)),
    Wrong(
        "other agreements are not settled",
        "  beside_other_agreements: narrows\n",
        "",
        "whose_holidays_count",
        ("add or narrow?",),
    ),
    Wrong(
        "the backlog is not settled",
        "  backlog_for_new_party: all\n",
        "",
        "whose_holidays_count",
        ("Does a new party get what was shared before it joined?",),
    ),
    Wrong(
        "a question answered with perhaps",
        "last_day_inside: yes",
        "last_day_inside: perhaps",
        "perhaps",
        ("“perhaps”", "“yes” or “no”"),
    ),
    Wrong(
        "the text does not prevail",
        "text_prevails: yes",
        "text_prevails: no",
        "text_prevails: no",
        ("signed words prevail",),
    ),
    Wrong(
        "a key twice", "fictional: yes\n", "fictional: yes\nfictional: no\n", "fictional: no", ("second time", "line 4")
    ),
    Wrong("a clause twice", "  A4.2: {says:", "  A4.1: {says:", 'A4.1: {says: "Exercise', ("“A4.1”", "second time")),
    Wrong("a tab", "  in_force:", "\tin_force:", "\tin_force", ("a tab", "spaces")),
    Wrong("a bracket that stays open", "[A4.4, A4.5]", "[A4.4, A4.5", "settles", ("bracket",)),
    Wrong("a quotation mark that stays open", "force: political", 'force: "political', "clock:", ("quotation marks",)),
    Wrong(
        "a colon inside bare text",
        "title: Memorandum of",
        "title: Memorandum: of",
        "Memorandum: of",
        ("“:”", "quotation marks"),
    ),
    Wrong(
        "a list instead of a map",
        'words: {third party: "anyone but a Party\'s national CIRT, including its own other ministries"}',
        "words: [third party]",
        "words: [",
        ("a list, not a map",),
    ),
    Wrong(
        "a map instead of text",
        "title: Memorandum of Understanding on cooperation in cyber security",
        "title: {en: Memorandum}",
        "title: {en",
        ("a map, not text",),
    ),
    Wrong("text instead of a list", "  - {term: 1,", "  - term 1 {", "term 1 {", ("Mend:",)),
    Wrong("an empty value", "force: political", "force:", "force:", ("is empty", "binding, political")),
    Wrong("an alias", "title: Memorandum", "title: *memorandum", "*memorandum", ("alias",)),
    Wrong("a tag", "force: political", "force: !!str political", "!!str", ("tag",)),
    Wrong("a second document", "words:", "---\nwords:", "---", ("second document",)),
    Wrong(
        "an obligation that a prohibition covers",
        "  A5: {says",
        "  A4.8: {says: x, effect: must, action: [share], information: [incident report],"
        " purpose: [criminal evidence]}\n  A5: {says",
        "A4.8:",
        ("A4.8 and A4.3 clash", "notwithstanding: [A4.3]"),
    ),
    Wrong(
        "two clauses that each prevail",
        "tlp_up_to: AMBER+STRICT}\n  A4.3: {",
        "tlp_up_to: AMBER+STRICT, notwithstanding: [A4.3]}\n  A4.3: {notwithstanding: [A4.2], ",
        "A4.3: {notwithstanding",
        ("A4.2 and A4.3 clash", "each prevails"),
    ),
    Wrong(
        "a clause that prevails over itself",
        "silence_means: refusal}",
        "notwithstanding: [A4.4]}",
        "except: [{originator_consent",
        ("prevails over itself",),
    ),
    Wrong(
        "a clause without words",
        'A6: {says: "Each year each Party will offer two training places and the Parties will report by 31 March.",',
        "A6: {",
        "A6: {",
        ("lacks `says`",),
    ),
    Wrong(
        "a clause without an effect",
        "effect: may, action: [share], information: [exercise",
        "action: [share], information: [exercise",
        "A4.2:",
        ("lacks `effect`", "effect: may"),
    ),
    Wrong(
        "a permission to do nothing",
        "effect: may, action: [share], information: [exercise",
        "effect: may, information: [exercise",
        "A4.2:",
        ("may do", "action: [share]"),
    ),
    Wrong(
        "duties in a permission",
        "purpose: [training], tlp",
        "purpose: [training], duties: [take care], tlp",
        "take care",
        ("`duties`", "“must”"),
    ),
    Wrong(
        "a deadline that nothing starts", "trigger: request for help, ", "", "A5: {says", ("a trigger or a recurrence",)
    ),
    Wrong(
        "a misspelt recurrence",
        "repeats: yearly by 31 March",
        "repeats: each year in March",
        "each year in March",
        ("when it comes back", "yearly by 31 March"),
    ),
    Wrong(
        "a recurrence on a day that does not exist",
        "repeats: yearly by 31 March",
        "repeats: yearly by 31 April",
        "31 April",
        ("31 April", "does not have"),
    ),
    Wrong(
        "a misspelt month",
        "repeats: yearly by 31 March",
        "repeats: yearly by 31 Marsh",
        "31 Marsh",
        ("“Marsh”", "“March”"),
    ),
    Wrong(
        "a condition that asks nothing",
        "when: {personal_data: present}",
        "when: {}",
        "when: {}",
        ("asks about nothing",),
    ),
    Wrong(
        "a fact that is not known to the form",
        "except: [{authority_approval: given}]",
        "except: [{minister_approval: given}]",
        "minister_approval",
        ("“minister_approval”", "“authority_approval”"),
    ),
    Wrong(
        "a clause that ends before it begins",
        "tlp_up_to: AMBER+STRICT}",
        'tlp_up_to: AMBER+STRICT, from: "2028-01-01", until: "2027-12-31"}',
        "AMBER+STRICT, from",
        ("before it begins",),
    ),
    Wrong(
        "an example that names no clause",
        "personal_data: none, answer: allowed, by: A4.1}",
        "personal_data: none, answer: allowed, by: A9.1}",
        "A9.1",
        ("“A9.1”", "no such clause"),
    ),
    Wrong(
        "an example of nothing", "  - {term: 1, last_day", "  - {last_day", "- {last_day", ("what it is about", "share")
    ),
    Wrong(
        "an example with a misspelt answer",
        "answer: ask",
        "answer: perhaps",
        "answer: perhaps",
        ("“perhaps”", "refer to counsel"),
    ),
    Wrong("a term too far off", "{term: 2,", "{term: 100000,", "100000", ("100000, more than 1000", "smaller")),
    Wrong(
        "an example suspended backwards",
        'suspended: "2028-01-01/2028-03-01", share',
        'suspended: "2028-03-01/2028-01-01", share',
        "2028-03-01/2028-01-01",
        ("before it begins",),
    ),
    Wrong("a request at no time", "2027-07-09T18:00", "2027-07-09T25:00", "T25:00", ("a time that does not exist",)),
    Wrong(
        "a place that is no map of a party's days",
        '{BS: ["2027-07-12"], AR: []}',
        '["2027-07-12"]',
        "holidays: [",
        ("a list, not a map",),
    ),
    Wrong("an amount in words", "Party: 2}", "Party: two}", "Party: two", ("“two”", "whole number")),
    Wrong(
        "the same word twice",
        "[technical indicators, incident report],",
        "[incident report, incident report],",
        "[incident report, incident report]",
        ("twice",),
    ),
    Wrong(
        "a provisional application that comes too late",
        "  first_term: 3 years\n",
        '  first_term: 3 years\n  provisional: {from: "2027-05-01"}\n',
        "provisional:",
        ("provisional application begins on 2027-05-01",),
    ),
    Wrong(
        "a party that joins before the beginning",
        "AR: Republic of Ardenia}",
        'AR: Republic of Ardenia, XS: {name: Saint Auric, joins: "2027-01-01"}}',
        "Saint Auric",
        ("joins on 2027-01-01", "not after"),
    ),
    Wrong(
        "a reservation by a stranger",
        "words:",
        "reservations: [{party: XQ, clauses: [A4.1]}]\nwords:",
        "reservations:",
        ("“XQ”", "no such party"),
    ),
)
