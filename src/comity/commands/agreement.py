"""`comity agreement`: agreement files and the agreements that the node keeps.

To check files needs no node, and so none of its libraries is loaded for it.
"""

from typing import Final

import click

from comity.commands.tables import Line, Table

_REGISTER: Final = "comity.commands.agreement_register"
PARTS: Final = {
    "check": Line("Read files, run their examples, name untouched clauses.", "comity.commands.agreement_check",
                  "check", stored=False),
    "adopt": Line("Adopt a file: from now on it decides.", _REGISTER, "adopt"),
    "event": Line("Record an event in an agreement’s life.", _REGISTER, "event"),
    "amend": Line("Amend an agreement: from a day on, another text holds.", _REGISTER, "amend"),
    "consent": Line("Record an originator’s consent to passing on.", _REGISTER, "consent"),
    "consents": Line("List the consents recorded here.", _REGISTER, "consents"),
    "account": Line("Account for a year with a party, beside what it states.", _REGISTER, "account"),
    "list": Line("List the adopted agreements and who is bound today.", _REGISTER, "list_"),
    "show": Line("Show an adopted agreement and the events of its life.", _REGISTER, "show_"),
}  # fmt: skip


@click.command(cls=Table, lines=PARTS)
def command() -> None:
    """Check, adopt, list and show agreements; record their events."""
