"""`comity up`: the desk and the exchange, started."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from comity import tls
from comity.acts import (
    best_practices,
    catalogues,
    engagement_files,
    example_review,
    example_state,
    framework_editions,
    roadmap_store,
)
from comity.commands import node
from comity.commands.output import BadInput, data_option


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64),
              help="Processes that serve; more than one before PostgreSQL.")
@click.option("--certificate", type=click.Path(path_type=Path), metavar="FILE",
              help="Serve by https: the server’s certificate and those that vouch for it, as PEM.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE",
              help="Its private key, where it does not stand in the same file.")
@click.option("--empty", is_flag=True, help="On the first start: no example state, only one officer's account.")
@click.option("--party", default="BS", show_default=True, help="With --empty: the code of the state whose desk it is.")
@click.option("--name", default="", help="With --empty: the name of that state.")
def command(*, data: Path, host: str, port: int, workers: int, certificate: Path | None, key: Path | None, empty: bool,
            party: str, name: str) -> None:  # fmt: skip
    """Start the desk and the exchange; on the first start, make the node and load the example state."""
    sealing = _sealing(certificate, key)
    node.open_home(data)
    new = not node.is_made()
    if new:
        _make(empty=empty, party=party, name=name)
    if catalogues.refresh(data, datetime.now(UTC)) is not None:
        click.echo("Read the catalogues of parties, instruments and facts into the register.", err=True)
    engagement_files.load(datetime.now(UTC))
    for line in framework_editions.load(data, datetime.now(UTC)):
        click.echo(f"A framework of the catalogue was not taken in: {line}", err=True)
    best_practices.load_catalogue(engagement_files.ACTOR, datetime.now(UTC))
    if new and not empty:
        roadmap_store.take_in_example(datetime.now(UTC))
        example_review.load(datetime.now(UTC))
    address = f"{'https' if sealing else 'http'}://{host}:{port}"
    click.echo(f"The desk:      {address}/", err=True)
    click.echo(f"The exchange:  {address}/taxii2/   (TAXII 2.1)", err=True)
    click.echo("Stop with Ctrl-C.", err=True)
    options = ["-m", "comity.serving", "--host", host, "--port", str(port), "--workers", str(workers), *sealing]
    os.execv(sys.executable, [sys.executable, *options])  # noqa: S606 - our own server


def _sealing(certificate: Path | None, key: Path | None) -> list[str]:
    """Return what the server is told of its certificate; nothing where it speaks plain HTTP."""
    if certificate is None:
        if key is not None:
            raise BadInput("--key: a key without a certificate", "name the certificate with --certificate")
        return []
    try:
        tls.check(certificate, key)
    except tls.Unusable as error:
        raise BadInput(str(error), "name files that hold them and can be read") from error
    os.environ["COMITY_SEALED"] = "1"
    return ["--certificate", str(certificate), *(["--key", str(key)] if key else [])]


def _make(*, empty: bool, party: str, name: str) -> None:
    now = datetime.now(UTC)
    if empty:
        officer = example_state.make_empty(party, name or party, now)
        click.echo(f"Made an empty node for {name or party}.", err=True)
        tokens = {}
    else:
        made = example_state.make(now)
        officer, tokens = made.officer, made.tokens
        click.echo("Made the example state: The Bahamas and three fictional partners.", err=True)
    click.echo("\nShown once, write them down:")
    click.echo(f"  officer at the desk   username {officer.username}   password {officer.password}")
    for code, token in tokens.items():
        click.echo(f"  partner {code}            username {token.username}      secret   {token.secret}")
    click.echo("")
