"""The server's own TLS: what it refuses, what it speaks, and that a renewed certificate is taken up."""

import asyncio
import ssl
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comity import serving, tls
from tests.test_wire import Desk, answer, ask, same

START = datetime(2020, 1, 1, tzinfo=UTC)


def write(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(
        whose, whose, key.public_key(), x509.random_serial_number(), START, START.replace(year=2099)
    ).sign(key, hashes.SHA256())
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "k.pem").write_bytes(pem)
    return folder / "c.pem", folder / "k.pem"


def test_answers_come_whole_by_tls_and_a_renewed_certificate_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "LOOK", 0.05)
    files, desk = write(tmp_path, "first"), Desk()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    async def talk(where: tuple[str, int]) -> str:
        reader, writer = await asyncio.open_connection(*where, ssl=trusting, limit=1 << 24)
        for path in ("/hand/large", "/other", "/hand/1"):
            writer.write(ask(path))
            same((await answer(reader))[1], desk.body(path))
        spoken = writer.get_extra_info("ssl_object")
        assert spoken.version() == "TLSv1.3"
        shown = x509.load_der_x509_certificate(spoken.getpeercert(binary_form=True))
        writer.close()
        return shown.subject.rfc4514_string()

    how = serving.config(desk, seal=partial(tls.context, *files))

    async def both() -> None:
        listener = serving.listen("127.0.0.1", 0)
        server = uvicorn.Server(how)
        running = asyncio.ensure_future(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        assert await talk(listener.getsockname()) == "CN=first"
        write(tmp_path, "second")
        for _ in range(100):
            await asyncio.sleep(0.05)
            if await talk(listener.getsockname()) == "CN=second":
                break
        else:
            raise AssertionError("the renewed certificate was not taken up")
        server.should_exit = True
        await running

    with asyncio.Runner(loop_factory=how.get_loop_factory()) as loop:
        loop.run(both())
    assert desk.at_once


def test_files_that_do_not_serve_are_named(tmp_path: Path) -> None:
    certificate, key = write(tmp_path, "one")
    tls.check(certificate, key)
    (tmp_path / "other").mkdir()
    _, other = write(tmp_path / "other", "two")
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for files, words in (
        ((certificate, other), "key values mismatch"),
        ((empty, key), "empty.pem"),
        ((tmp_path / "none.pem", key), "none.pem: No such file"),
        ((certificate, tmp_path / "none.pem"), "none.pem: No such file"),
        ((certificate, None), "c.pem: not a certificate with its unencrypted key"),
    ):
        with pytest.raises(tls.Unusable, match=words):
            tls.check(*files)
