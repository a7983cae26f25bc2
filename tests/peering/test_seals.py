"""How a peer's server is known for what it is: by a private authority, by its key, by our certificate."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from comity.acts import peer_secrets, peers
from comity.acts.peers import Door, PeerRefused
from comity.peering.client import BadAnswer, Client, Unreached, spki_pin

BEGUN = datetime.now(UTC) - timedelta(days=1)


def sealed(folder: Path, name: str, by: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None) -> tuple[
        x509.Certificate, ec.EllipticCurvePrivateKey]:  # fmt: skip
    """Make a certificate for loopback, signed *by* an authority or by itself, and put it with its key into a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (by[0].subject, by[1]) if by else (subject, key)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(BEGUN).not_valid_after(BEGUN + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signer, SHA256())
    )  # fmt: skip
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM) + secret)
    (folder / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))
    return made, key


@contextmanager
def served(context: ssl.SSLContext, heard: list[str]) -> Iterator[str]:
    """Serve one word on loopback under a seal; *heard* gets what clients sign in with."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is the standard library's
            heard.append(self.headers.get("Authorization", ""))
            moved = self.path.startswith("/moved/")
            self.send_response(301 if moved else 200)
            if moved:
                self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            return

    class Server(HTTPServer):
        def handle_error(self, *_what: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/root/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(door: Door) -> int:
    client = Client(door)
    try:
        return client.get("collections/").status
    finally:
        client.close()


def test_a_server_is_believed_by_its_authority_and_its_key_and_told_nothing_before(tmp_path: Path) -> None:
    authority = sealed(tmp_path, "authority")
    own, _ = sealed(tmp_path, "server", authority)
    sealed(tmp_path, "other")
    sealed(tmp_path, "us", authority)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "authority.crt"))
    context.load_cert_chain(str(tmp_path / "server.pem"))
    pin, ca = spki_pin(own.public_bytes(Encoding.DER)), tmp_path / "authority.crt"
    heard: list[str] = []
    with served(context, heard) as root:
        assert ask(Door("n", root, "us", "secret", (), ca)) == 200
        assert ask(Door("n", root, "us", "secret", ("A" * 43 + "=", pin), ca)) == 200
        assert ask(Door("n", root + "../moved/", "us", "secret", (), ca)) == 301
        told = len(heard)
        with pytest.raises(Unreached, match=re.escape(f"shows the key sha256/{pin[:8]}")):
            ask(Door("n", root, "us", "secret", ("A" * 43 + "=",), ca))
        for doubted in (None, tmp_path / "other.crt"):
            with pytest.raises(Unreached, match="certificate verify failed"):
                ask(Door("n", root, "us", "secret", (pin,), doubted))
        with pytest.raises(BadAnswer, match="is not on"):
            Client(Door("n", root, "us", "secret", (), ca)).get("https://127.0.0.1:1/else/")
        assert len(heard) == told, "a secret was told to a server that was not believed"
    context.verify_mode = ssl.CERT_REQUIRED
    with served(context, heard) as root:
        assert ask(Door("n", root, ca=ca, certificate=tmp_path / "us.pem")) == 200
        with pytest.raises(Unreached):
            ask(Door("n", root, ca=ca))


def test_a_secret_lies_in_the_home_closed_to_others(tmp_path: Path) -> None:
    peer_secrets.write(tmp_path, "far", peer_secrets.SECRET, b"whisper")
    path = tmp_path / "peers" / "far" / "secret"
    assert (path.stat().st_mode & 0o777, (tmp_path / "peers").stat().st_mode & 0o777) == (0o600, 0o700)
    assert peer_secrets.read(tmp_path, "far") == "whisper"
    path.chmod(0o640)
    with pytest.raises(peer_secrets.SecretLost, match="open to others"):
        peer_secrets.read(tmp_path, "far")
    peer_secrets.forget(tmp_path, "far")
    with pytest.raises(peer_secrets.SecretLost, match="is missing"):
        peer_secrets.read(tmp_path, "far")


@pytest.mark.parametrize("url", ["http://cirt.example/taxii2/", "ftp://x/", "x", "https://user:secret@cirt.example/"])
def test_an_address_that_would_tell_a_secret_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(PeerRefused, match="--url: "):
        peers.check_address(url)
