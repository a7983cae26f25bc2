"""The parts of `comity agreement` that work on the node's register: adopt, record, list, show."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import accounts
from comity.acts import agreements as acts
from comity.acts import consents as consenting
from comity.acts.explaining import as_of
from comity.commands import node
from comity.commands.consent_scope import LABEL, Scoped, scope_options
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.policy.life_events import EventKind
from comity.policy.markings import Tlp

DAY = click.DateTime(["%Y-%m-%d"])
ACTOR = "officer"


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}", "name an agreement file that you may read") from error


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@data_option
@json_option
def adopt(*, file: Path, data: Path, as_json: bool) -> None:
    """Adopt an agreement FILE: from now on it decides."""
    content = _content(file)
    node.open_home(data)
    row = acts.adopt(content, str(file), ACTOR, datetime.now(UTC))
    value = {"slug": row.slug, "title": row.title, "digest": row.digest}
    show(value, f"Adopted “{row.title}” as {row.slug}.", as_json=as_json)


@click.command()
@click.argument("slug")
@click.argument("kind", type=click.Choice([kind.value for kind in EventKind]))
@click.option("--effective", type=DAY, help="The first day of its effect. Else: today.")
@click.option("--source", required=True, help="The note, letter or record that it rests on.")
@click.option("--party", default="", help="Whose act it is. Else: of all.")
@click.option("--until", type=DAY, help="Its last day, where it has one.")
@click.option("--received", type=DAY, help="The day on which a notice was received.")
@click.option("--clause", "clauses", multiple=True, help="For a reservation: a clause; may be given again.")
@click.option("--supersedes", type=int, help="The number of the event that this one corrects.")
@data_option
@json_option
def event(*, slug: str, kind: str, effective: datetime | None, source: str, party: str, until: datetime | None,
          received: datetime | None, clauses: tuple[str, ...], supersedes: int | None, data: Path,
          as_json: bool) -> None:  # fmt: skip
    """Record an event of KIND in the life of the agreement SLUG. It counts from the very next request."""
    node.open_home(data)
    now = datetime.now(UTC)
    first = effective.date() if effective else acts.today(slug, now)
    happened = acts.Happened(EventKind(kind), first, source, party, until.date() if until else None,
                             received.date() if received else None, clauses, supersedes)  # fmt: skip
    row = acts.record_event(slug, happened, ACTOR, now)
    value = {"id": row.pk, "kind": kind, "effective_on": row.effective_on}
    show(value, f"Recorded as event {row.pk}: {kind} of {slug}, effective on {row.effective_on}.", as_json=as_json)


@click.command()
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--effective", type=DAY, required=True, help="The first day on which the amended text holds.")
@click.option("--source", required=True, help="The instrument that amends it.")
@click.option("--supersedes", type=int, help="The number of the amendment that this one corrects.")
@data_option
@json_option
def amend(*, slug: str, file: Path, effective: datetime, source: str, supersedes: int | None, data: Path,
          as_json: bool) -> None:  # fmt: skip
    """Amend the agreement SLUG: from a day on, the text of FILE holds. The earlier text answers for the days before."""
    content = _content(file)
    node.open_home(data)
    happened = acts.Happened(EventKind.AMENDMENT, effective.date(), source, supersedes=supersedes)
    row = acts.amend(slug, content, str(file), happened, ACTOR, datetime.now(UTC))
    value = {"id": row.pk, "effective_on": row.effective_on}
    show(value, f"Recorded as event {row.pk}: the text of {file} holds from {row.effective_on}.", as_json=as_json)


@click.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the adopted agreements with the standing of each party today."""
    node.open_home(data)
    rows = acts.standings(datetime.now(UTC))
    lines = [f"{row.slug:<28} {row.party:<4} {row.state:<14} {row.says}" for row in rows]
    show(rows, "\n".join(lines) or "No agreement is adopted here yet: comity agreement adopt FILE", as_json=as_json)


@click.command("show")
@click.argument("slug")
@click.option("--on", type=DAY, help="By the text that holds on this day. Else: today.")
@click.option("--known", type=DAY, help="As known at the end of this day. Else: now.")
@data_option
@json_option
def show_(*, slug: str, on: datetime | None, known: datetime | None, data: Path, as_json: bool) -> None:
    """Show an adopted agreement: the text that holds, its other texts, and the events of its life."""
    node.open_home(data)
    moment = as_of(on.date() if on else None, known.date() if known else None, datetime.now(UTC))
    found = acts.told(slug, moment)
    lines = [
        f"# event {e.id}: {e.kind} effective {e.effective_on}, recorded {e.recorded_at}: {e.source}"
        for e in found.events
    ]
    lines += [
        f"# text {one.event or 'as adopted'}: {f'from {one.effective_on}' if one.effective_on else 'at first'}, "
        f"recorded {one.recorded_at}{', shown above' if one.holds else ''}{'' if one.counts else ', no longer counts'}"
        for one in found.texts
    ]
    show(found, "\n".join([found.text.rstrip(), "", *lines]), as_json=as_json)


@click.command()
@click.argument("slug")
@click.option("--of", "originator", required=True, help="Whose material it is: the party that gave it.")
@click.option("--to", "recipient", required=True, help="The third party to whom it may go on.")
@click.option("--no", "refused", is_flag=True, help="The answer is no, or a consent is withdrawn.")
@click.option("--effective", type=DAY, help="The first day on which it holds. Else: today.")
@click.option("--until", type=DAY, help="The last day on which it holds. Else: open.")
@click.option("--source", required=True, help="The note, letter or message in which it was given.")
@scope_options
@click.option("--most", type=LABEL, help="A condition: it holds up to this TLP label.")
@click.option("--words", default="", help="Conditions in words; they go along with each release.")
@data_option
@json_option
def consent(*, slug: str, originator: str, recipient: str, refused: bool, effective: datetime | None,
            until: datetime | None, source: str, scoped: Scoped, most: str | None, words: str, data: Path,
            as_json: bool) -> None:  # fmt: skip
    """Record an originator's consent to passing on, to a third party, what it gave under the agreement SLUG.

    It speaks of one object, a case, a kind of information, or of all; the narrowest answer decides. It is written into
    the originator's log, and counts from the very next request.
    """
    node.open_home(data)
    now = datetime.now(UTC)
    first = effective.date() if effective else acts.today(slug, now)
    said = consenting.Consented(originator, recipient, slug, not refused, first, source,
                                until.date() if until else None, scoped.scope, Tlp.read(most) if most else None,
                                words, scoped.objects)  # fmt: skip
    row = consenting.record_consent(said, ACTOR, now)
    value = {"id": row.pk, "given": row.given, "effective_on": row.effective_on, "until": row.until}
    word = "consents" if row.given else "does not consent"
    span = f"from {row.effective_on}" + (f" to {row.until}" if row.until else "")
    what = f" {consenting.in_short(said.scope)}" if said.scope != consenting.ALL else ""
    text = f"Recorded as consent {row.pk}: {originator} {word} to passing on{what} under {slug} to {recipient}, {span}."
    show(value, text, as_json=as_json)


@click.command()
@click.argument("slug")
@click.argument("party")
@click.option("--year", type=int, help="The calendar year (UTC). Else: this year.")
@click.option("--send", "sends", is_flag=True, help="State our account to the party, over the exchange.")
@data_option
@json_option
def account(*, slug: str, party: str, year: int | None, sends: bool, data: Path, as_json: bool) -> None:
    """Account for a year with PARTY under the agreement SLUG: given, received, answered, done, each against its clause.

    Beside it stands what the party stated, where it did: exit code 1 where the two differ.
    """
    node.open_home(data)
    now = datetime.now(UTC)
    one = accounts.account(slug, party, year or now.year, now)
    if sends:
        accounts.send(slug, party, one.year, ACTOR, now)
    compared = accounts.compare(one)
    totals = f"{one.given_total} given on {one.pages} pages, {one.received_total} received"
    lines = [f"{one.agreement}, {party}, {one.year}: {totals}."]
    lines += [f"  {way:<9} {information:<26} TLP:{tlp:<13} {count}" for way, information, tlp, count
              in accounts.as_rows(one)]  # fmt: skip
    lines += [f"  {'we' if ours else party}: {step}: {in_time} of {count} in time"
              for ours, step, count, in_time in accounts.answer_times(one.answers)]  # fmt: skip
    lines += [f"  {'we' if promise.ours else party}: {promise.what}: {promise.state}"
              f"{f' ({promise.amount})' if promise.amount else ''}" for promise in one.promises]  # fmt: skip
    lines += [f"  held: {held.kind} {held.day} {held.title} ({held.state})" for held in one.held]
    lines += _beside(party, compared)
    show({"account": one, "compared": compared}, "\n".join(lines), as_json=as_json)
    answer(compared is None or not compared.differences)


def _beside(party: str, compared: accounts.Compared | None) -> list[str]:
    if compared is None:
        return [f"{party} has stated no account of this year."]
    found = [
        f"DIFFERS: {one.about}: {one.ours} here, {one.theirs} there; only here: {', '.join(one.only_ours[:5]) or '–'}; "
        f"only there: {', '.join(one.only_theirs[:5]) or '–'}"
        for one in compared.differences
    ]
    return found or [f"{party} states the same, by its log of {compared.log_size} entries."]


@click.command()
@click.argument("slug", required=False)
@data_option
@json_option
def consents(*, slug: str | None, data: Path, as_json: bool) -> None:
    """List the consents recorded here, newest first: all, or those under the agreement SLUG."""
    node.open_home(data)
    found = consenting.consents_told(slug or "")
    lines = [
        f"{one.number:>5} {one.slug:<28} {one.originator} → {one.recipient}  {'yes' if one.given else 'no':<3} "
        f"{one.effective_on} – {one.until or '…'}  {consenting.in_short(one.scope)}{consenting.conditions(one)}  "
        f"{one.source}"
        for one in found
    ]
    show(found, "\n".join(lines) or "No consent is recorded here.", as_json=as_json)
