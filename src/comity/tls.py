"""TLS of the server itself: the certificate and its key, taken up anew when they were renewed (TAXII 2.1 §8.2.2)."""

import ssl
import threading
from functools import partial
from pathlib import Path

LOOK = 60.0
"""Seconds between two looks whether a certificate was renewed."""


class Unusable(Exception):
    """A certificate or its key cannot be used; the message says which and why."""


def context(certificate: Path, key: Path | None, *_: object) -> ssl.SSLContext:
    """Return what the server's end of TLS 1.2 or later needs. `Unusable` where the files do not serve.

    *certificate* is a PEM file: the server's own certificate first, then those that vouch for it; *key* is None where
    the private key stands in the same file. New connections get what stands in the files a minute after it changed; a
    renewed pair that does not serve is not taken up.
    """
    made = _loaded(certificate, key)
    newest = [made]

    def greeted(connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _made: ssl.SSLContext) -> None:
        connection.context = newest[0]  # whole: no handshake meets a new certificate and the old one's key

    made.sni_callback = greeted
    threading.Thread(target=partial(_follow, newest, certificate, key), name="certificate", daemon=True).start()
    return made


def check(certificate: Path, key: Path | None) -> None:
    """Raise `Unusable` where the files do not serve."""
    _loaded(certificate, key)


def _loaded(certificate: Path, key: Path | None) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        files = certificate if key is None else f"{certificate} and {key}"
        reason = (error.reason or "not PEM").replace("_", " ").lower()
        raise Unusable(f"{files}: not a certificate with its unencrypted key, as PEM ({reason})") from error
    except OSError as error:
        missing = next((one for one in (certificate, key) if one is not None and not one.is_file()), certificate)
        raise Unusable(f"{missing}: {error.strerror or error}") from error
    return made


def _follow(newest: list[ssl.SSLContext], certificate: Path, key: Path | None) -> None:
    known, wait = _stamp(certificate, key), threading.Event()
    while not wait.wait(LOOK):
        found = _stamp(certificate, key)
        if found != known:
            try:
                newest[0] = _loaded(certificate, key)  # half a renewal leaves what is in use as it is
            except Unusable:
                continue
            known = found


def _stamp(*files: Path | None) -> tuple[tuple[int, int], ...]:
    return tuple((one.stat().st_mtime_ns, one.stat().st_size) for one in files if one is not None and one.exists())
