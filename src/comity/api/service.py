"""The API: its operations put together, and the document that describes them."""

import re
from functools import cache
from typing import Any, Final

import msgspec
from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.renderers import BaseRenderer

from comity import __version__
from comity.api import problems, tables, writing
from comity.api.access import EITHER
from comity.api.offers import OFFERS

ROOT: Final = "/api/"
ABOUT: Final = (
    "What a state agreed with others, whether it is so and by which source, what is due, whom to call. Facts are given "
    "as of a day, as known on a day; nothing recorded is not the same as no. Reading is for every account of the desk; "
    "writing is for officers, by the same acts as at the desk. Send a token (Authorization: Bearer comity_…), or the "
    "desk’s session with its CSRF token."
)


class Json(BaseRenderer):
    """JSON as the rest of the house writes it."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401 - whatever an operation gives
        """Write an answer."""
        del request, response_status
        return msgspec.json.encode(data)


def _api() -> NinjaAPI:
    api = NinjaAPI(title="Comity", version=__version__, description=ABOUT, openapi_url=None, docs_url=None,
                   urls_namespace="api", auth=list(EITHER), renderer=Json())  # fmt: skip
    problems.handle(api)
    router = Router()
    for offer in OFFERS:  # before the tables, whose records have addresses of any name
        writing.add(router, offer)
    tables.add(router)
    api.add_router("", router)
    return api


API: Final = _api()


@cache
def document() -> dict[str, Any]:
    """Describe the API as OpenAPI 3.1; what goes wrong is described by its own media type."""
    described: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(API.get_openapi_schema(path_prefix=ROOT)))
    for path in described["paths"].values():
        for operation in path.values():
            operation["description"] = re.sub(r"\s+", " ", operation.get("description", "")).strip()
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and "content" in answer:  # noqa: PLR2004 - where HTTP’s errors begin
                    answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
    return described
