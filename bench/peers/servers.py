"""The TAXII servers to compare with, each filled with given objects and served as its own documentation says.

No server checks a password on the way, where it may be switched off: OpenTAXII hashes it anew on each request, which
would be most of what is measured. Objects are put into each peer's store, not posted, so that large sizes can be had.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import _child, peers

TAXII = "application/taxii+json;version=2.1"
ROOT, ALIAS = "bench", "472c94ae-3113-4e3e-a4dd-a9f4ac7471d4"
ADDED = datetime(2026, 3, 1, 10, tzinfo=UTC)  # the first object's; each next one comes a millisecond later


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its name with the version, where its collection's objects are, and what a client sends."""

    name: str
    port: int
    objects: str
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept": TAXII})


def known() -> Mapping[str, Callable[[Path, Sequence[bytes]], AbstractContextManager[Server]]]:
    """Give the peers by name: each takes a folder of its own and the objects, and is a server while entered."""
    return {"opentaxii": opentaxii, "medallion": medallion}


@contextmanager
def opentaxii(folder: Path, objects: Sequence[bytes], workers: int = 2) -> Iterator[Server]:
    """Serve OpenTAXII on SQLite, its collection public, by gunicorn with two workers."""
    home, port = peers.environment_of("opentaxii"), _child.free_port()
    settings = folder / "opentaxii.yml"
    settings.write_text(json.dumps(_opentaxii_settings(folder)), encoding="utf-8")  # JSON is YAML
    knows = {"OPENTAXII_CONFIG": str(settings)}
    script = peers.LOCKS / "fill_opentaxii.py"
    made: dict[str, str] = peers.told("opentaxii", script, ALIAS, given=b"\n".join(objects), **knows)
    command = [*_gunicorn(home, port, workers), "opentaxii.http:app"]
    with _child.listening(command, port, folder / "opentaxii.log", peers.clean(**knows)):
        where = f"/taxii2/{made['root']}/collections/{made['collection']}/objects/"
        yield Server(f"OpenTAXII {peers.version('opentaxii', 'opentaxii')}", port, where)


@contextmanager
def medallion(folder: Path, objects: Sequence[bytes]) -> Iterator[Server]:
    """Serve medallion with its store in memory, by gunicorn with one worker: two would each have a store of its own."""
    home, port = peers.environment_of("medallion"), _child.free_port()
    stock, settings = folder / "medallion-data.json", folder / "medallion.json"
    stock.write_text(json.dumps(medallion_data(objects)), encoding="utf-8")
    settings.write_text(json.dumps(_medallion_settings(stock)), encoding="utf-8")
    command = [*_gunicorn(home, port, 1), f"medallion:load_app({str(settings)!r})"]
    signed = "Basic " + base64.b64encode(b"bench:bench").decode()
    with _child.listening(command, port, folder / "medallion.log", peers.clean()):
        name = f"medallion {peers.version('medallion', 'medallion')}"
        where = f"/{ROOT}/collections/{ALIAS}/objects/"
        yield Server(name, port, where, {"Accept": TAXII, "Authorization": signed})


def _gunicorn(home: Path, port: int, workers: int) -> list[str]:
    return [str(home / "bin" / "python"), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
            "--timeout", "3600", "--log-level", "warning"]  # fmt: skip


def _opentaxii_settings(folder: Path) -> dict[str, object]:
    def store(kind: str, file: str, **more: object) -> dict[str, object]:
        said = {"db_connection": f"sqlite:///{folder / file}", "create_tables": True}
        return {"class": kind, "parameters": said | more}

    return {
        "domain": "localhost",
        "auth_api": store("opentaxii.auth.sqldb.SQLDatabaseAPI", "auth.db", secret="bench"),  # noqa: S106 - no secret
        "taxii1": None,
        "taxii2": {
            "persistence_api": store("opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI", "opentaxii.db"),
            "title": "bench", "public_discovery": True, "allow_custom_properties": True, "max_content_length": 1 << 30,
        },
        "logging": {"opentaxii": "warning", "root": "warning"},
    }  # fmt: skip


def _medallion_settings(stock: Path) -> dict[str, object]:
    kept = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": str(stock)}
    hours = {"session_timeout": 86_400}  # seconds: by default a cursor is dropped before a slow first page is sent
    return {"backend": kept | hours, "users": {"bench": "bench"}, "taxii": {"max_page_size": 1_000_000}}


def medallion_data(objects: Sequence[bytes]) -> dict[str, Any]:
    """Give what medallion reads at its start: one collection, and the manifest beside its objects."""
    read = [json.loads(one) for one in objects]
    media = "application/stix+json;version=2.1"
    manifest = [
        {"id": one["id"], "version": one["modified"], "media_type": media,
         "date_added": (ADDED + timedelta(milliseconds=place)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        for place, one in enumerate(read)
    ]  # fmt: skip
    rights = {"can_read": True, "can_write": True, "media_types": [media]}
    collection = {"id": ALIAS, "title": "bench", "manifest": manifest, "objects": read} | rights
    about = {"title": "bench", "versions": [TAXII], "max_content_length": 1 << 30}
    return {"/discovery": {"title": "bench", "api_roots": [f"http://127.0.0.1/{ROOT}/"]},
            ROOT: {"information": about, "status": [], "collections": [collection]}}  # fmt: skip
