"""`comity ledger`: verify what left the house.

A receipt is verified with no node, no database and no settings: by the partner, on its own machine, with the key line
that it was handed.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import rfc8785

from comity.acts.keys import verify_signature
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.commands.tables import node_module
from comity.ledger import growth, notes, receipts, witness
from comity.ledger.errors import LedgerError
from comity.ledger.notes import Verifier
from comity.ledger.receipts import Receipt
from comity.ledger.reports import Report

_OWN_KEY = (
    "The key was taken from the receipt itself. This shows that the receipt is whole, not who made it:\n"
    "compare this line with the one that the node handed you, or give that one with --key.\n  {}"
)
_AGAIN = "get it again; if a program rewrote it, 'jq -cS .' restores its form"
_GROWTH = b'{"form":"' + growth.FORM.encode() + b'"'  # the form's name comes first in the canonical text
_EVIDENCE = b'{"form":"' + witness.EVIDENCE.encode() + b'"'
_NODE = (
    "comity.commands.ledger_node"  # loaded when a node is asked for: a receipt needs none, and none of its libraries
)
_readable = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Verify what left the house, or a receipt; export the log."""


@command.command()
@click.argument("receipt", type=_readable, required=False)
@data_option
@click.option("--objects", type=_readable, metavar="FILE", help="What was received: the answer as it came, as JSON.")
@click.option("--key", "keys", multiple=True, metavar="LINE|FILE", help="The log's verifier key, or a file of them.")
@json_option
def verify(receipt: Path | None, data: Path, objects: Path | None, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Verify RECEIPT offline, with the objects received if they are given; without RECEIPT, every log of the node.

    RECEIPT may also be the proof that a log only grew between two of its heads, or evidence that a log contradicts
    itself; these need --key.

    Exit code 0 when every check passed, 1 when one failed, 2 when a file cannot be read as what it should be.
    """
    if receipt is None:
        _verify_node(data, as_json=as_json)
        return
    text = _text(receipt)
    if text.startswith(_EVIDENCE):
        _verify_evidence(receipt, text, keys, as_json=as_json)
        return
    if text.startswith(_GROWTH):
        _verify_growth(receipt, text, keys, as_json=as_json)
        return
    _verify_receipt(receipt, text, objects, keys, as_json=as_json)


@command.command()
@click.argument("party")
@data_option
def export(*, party: str, data: Path) -> None:
    """Write PARTY's whole log, an entry a line, as the bytes that were hashed."""
    for line in node_module(_NODE).lines(data, party):
        click.echo(line)


@command.command()
@click.argument("party")
@click.argument("line")
@click.option("--source", required=True, help="How it was handed over: a letter, a meeting.")
@data_option
@json_option
def key(*, party: str, line: str, source: str, data: Path, as_json: bool) -> None:
    """Put LINE, the key line that PARTY handed over for its log of us, on file: its word is checked by it."""
    kept: str = node_module(_NODE).key_kept(data, party, line, source, datetime.now(UTC))
    show({"party": party, "line": kept}, f"On file for {party}: {kept}", as_json=as_json)


@command.command()
@click.argument("party")
@data_option
def submit(*, party: str, data: Path) -> None:
    """Write what our log of PARTY hands in to be seen there: its newest head, and the proof from the last one seen."""
    click.echo(node_module(_NODE).submitted(data, party, datetime.now(UTC)), nl=False)


@command.command("witness")
@click.argument("party")
@click.argument("file", type=_readable)
@click.option("--entries", type=_readable, metavar="FILE", help="Every entry that the log shows, a line each.")
@data_option
@json_option
def witness_(*, party: str, file: Path, entries: Path | None, data: Path, as_json: bool) -> None:
    """See the head in FILE of PARTY's log of us; print the line that says so, to be sent back.

    Exit code 1 where it contradicts what was seen before; then the evidence is printed, which anybody can verify.
    """
    shown = [] if entries is None else entries.read_bytes().splitlines()
    found = node_module(_NODE).witnessed(data, party, _text_of(file), shown, datetime.now(UTC))
    value = {"finding": found.finding.value, "size": found.size, "cosignature": found.cosignature,
             "evidence": found.evidence}  # fmt: skip
    show(value, found.cosignature.rstrip() if found.agrees else found.evidence, as_json=as_json)
    if not found.agrees:
        click.echo(f"comity: the log contradicts what was seen before: {found.finding.value}", err=True)
    answer(found.agrees)


@command.command()
@click.argument("party")
@click.argument("file", type=_readable)
@data_option
@json_option
def cosigned(*, party: str, file: Path, data: Path, as_json: bool) -> None:
    """Keep the line in FILE by which PARTY says that it saw a head of our log of it."""
    size: int = node_module(_NODE).word_kept(data, party, _text_of(file), datetime.now(UTC))
    show({"party": party, "size": size}, f"{party} saw our log of it at {size} entries.", as_json=as_json)


@command.command()
@click.argument("party", required=False)
@data_option
@json_option
def compare(*, party: str | None, data: Path, as_json: bool) -> None:
    """Say how far each side has seen the other's log. Exit code 1 where a log contradicts what was seen of it."""
    rows = node_module(_NODE).compared(data, party)
    lines = [f"{row.party}  our log: {row.ours} entries, seen there at {row.seen_there or 'none'}; its log of us: "
             f"seen here at {row.seen_here or 'none'}" for row in rows]  # fmt: skip
    lines += [f"{row.party}  CONTRADICTION: {one}" for row in rows for one in row.contradictions]
    show(rows, "\n".join(lines) or "There is no log yet.", as_json=as_json)
    answer(not any(row.contradictions for row in rows))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is no text", _AGAIN) from error


@command.command("change-key")
@data_option
@json_option
def change_key(*, data: Path, as_json: bool) -> None:
    """Make a new signing key; each recipient learns of it from its own log, and old heads still verify."""
    lines: Mapping[str, str] = node_module(_NODE).key_changed(data, datetime.now(UTC))
    told = "Its line for each log:" if lines else "There is no log yet."
    text = "\n".join((f"The new key signs from now on. {told}", *lines.values()))
    show({"verifiers": lines}, text, as_json=as_json)


def _verify_node(data: Path, *, as_json: bool) -> None:
    """Verify every log of the node whose home is *data*, and end with the answer."""
    reports: Mapping[str, Report] = node_module(_NODE).audited(data)
    text = "\n".join(f"{origin}\n{report.in_words()}" for origin, report in reports.items())
    ok = all(report.ok for report in reports.values())
    verdict = "Every log verifies." if ok else "A log does NOT verify: what failed is named above."
    if not reports:
        verdict = "There is no log yet: nothing has gone to anyone."
    value = {"ok": ok, "logs": {origin: report.checks for origin, report in reports.items()}}
    show(value, f"{text}\n{verdict}".lstrip(), as_json=as_json)
    answer(ok)


def _verify_evidence(path: Path, text: bytes, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Verify evidence against a log, print every check, and end with the answer: 0 when it holds."""
    if not keys:
        raise BadInput(f"{path} carries no key", "give the line that the log's node handed over with --key")
    try:
        found = witness.read_evidence(text)
    except LedgerError as error:
        raise BadInput(f"{path}: {error}", _AGAIN) from error
    ring = _keyring(verifier for key in keys for verifier in _verifiers(key))
    report = witness.verify_evidence(found, ring, verify_signature)
    verdict = "The log contradicts itself." if report.ok else "It is NOT shown that the log contradicts itself."
    value = {"ok": report.ok, "key_from_receipt": False, "checks": report.checks}
    show(value, f"{report.in_words()}\n{verdict}", as_json=as_json)
    answer(report.ok)


def _verify_growth(path: Path, text: bytes, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Verify one growth proof's file, print every check, and end with the answer."""
    if not keys:
        raise BadInput(f"{path} carries no key", "give the line that the node handed you with --key")
    try:
        proof = growth.decode(text)
    except LedgerError as error:
        raise BadInput(f"{path}: {error}", _AGAIN) from error
    ring = _keyring(verifier for key in keys for verifier in _verifiers(key))
    report = growth.verify(proof, ring, verify_signature)
    verdict = "The log only grew." if report.ok else "It is NOT shown that the log only grew."
    value = {"ok": report.ok, "key_from_receipt": False, "checks": report.checks}
    show(value, f"{report.in_words()}\n{verdict}", as_json=as_json)
    answer(report.ok)


def _verify_receipt(path: Path, text: bytes, objects: Path | None, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Verify one receipt's file, print every check, and end with the answer."""
    receipt = _receipt(path, text)
    given = [verifier for key in keys for verifier in _verifiers(key)]
    trusted = given or _embedded(receipt, path)
    items = None if objects is None else _items(objects)
    report = receipts.verify(receipt, _keyring(trusted), verify_signature, items)
    warning = "" if given else _OWN_KEY.format(trusted[0].text())
    _print(report, warning, as_json=as_json)
    answer(report.ok)


def _print(report: Report, warning: str, *, as_json: bool) -> None:
    """Print the checks and, where the key is not independent, that."""
    verdict = "The receipt is genuine." if report.ok else "The receipt is NOT genuine, or was damaged."
    if report.ok and warning:
        verdict = "The receipt is whole."
    value = {"ok": report.ok, "key_from_receipt": bool(warning), "checks": report.checks}
    show(value, "\n".join(filter(None, (report.in_words(), verdict, warning))), as_json=as_json)


def _text(path: Path) -> bytes:
    """Read a file; a single newline at its end is an editor's, and is passed over."""
    try:
        return path.read_bytes().removesuffix(b"\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", "name a file that you may read") from error


def _receipt(path: Path, text: bytes) -> Receipt:
    """Read the receipt."""
    try:
        return receipts.decode(text)
    except LedgerError as error:
        raise BadInput(f"{path}: {error}", _AGAIN) from error


def _embedded(receipt: Receipt, path: Path) -> list[Verifier]:
    """Take the key that the receipt carries."""
    if receipt.verifier is None:
        raise BadInput(f"{path} carries no key", "give the line that the node handed you with --key")
    return [notes.parse_verifier(receipt.verifier)]


def _verifiers(given: str) -> list[Verifier]:
    """Read a key line, or a file of them, one a line; lines that begin with # are passed over."""
    path = Path(given)
    try:
        if "\n" not in given and len(given) < 256 and path.is_file():  # noqa: PLR2004 - longer is no file's name
            lines = path.read_text(encoding="utf-8").splitlines()
            return [notes.parse_verifier(line) for line in lines if line and not line.startswith("#")]
        return [notes.parse_verifier(given)]
    except (LedgerError, UnicodeDecodeError) as error:
        raise BadInput(f"--key: {error}", "copy the whole line as the node handed it to you") from error


def _keyring(verifiers: Iterable[Verifier]) -> notes.Keyring:
    """Gather the keys."""
    try:
        return notes.keyring(verifiers)
    except LedgerError as error:
        raise BadInput(f"--key: {error}") from error


def _items(path: Path) -> list[bytes]:
    """Read what was received, item by item, each in its RFC 8785 bytes whatever program has rewritten it since."""
    try:
        document = json.loads(path.read_bytes())
        found = (
            next(filter(None, map(document.get, ("objects", "versions"))), [])
            if isinstance(document, dict)
            else document
        )
        return [rfc8785.dumps(item) for item in _listed(found)]
    except (ValueError, rfc8785.CanonicalizationError, RecursionError) as error:
        raise BadInput(f"{path}: {error}", "give the answer as it came: an envelope, a manifest or a list") from error


def _listed(found: Any) -> list[Any]:  # noqa: ANN401 - any JSON document may be given
    """Refuse what is no list."""
    if not isinstance(found, list):
        raise ValueError("there is no list of objects in it")  # noqa: TRY004 - bad input, like the others
    return found
