"""What a request can be refused with: one exception, written once as the TAXII error resource (TAXII 2.1 §3.6.1)."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec


class Refused(Exception):
    """A request that is answered with an error resource: HTTP status, title, and what to do about it."""

    def __init__(self, status: int, description: str, headers: Mapping[str, str] | None = None) -> None:
        """Take the HTTP status, a sentence on cause and mend, and further headers."""
        super().__init__(description)
        self.status, self.description, self.headers = status, description, dict(headers or {})

    def body(self) -> bytes:
        """Write the error resource."""
        resource = {
            "title": HTTPStatus(self.status).phrase,
            "description": self.description,
            "http_status": str(self.status),
        }
        return msgspec.json.encode(resource)


def absent() -> Refused:
    """Refuse with the one answer that unknown and withheld things share (App. B): it says nothing of why."""
    return Refused(404, "There is nothing here for you. Look at the list above it for what you may read.")
