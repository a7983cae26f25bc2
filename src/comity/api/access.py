"""Who asks, and what they may do: a desk’s session, whose changes carry its CSRF token, or a token of the API."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from comity.acts import api_tokens, zones
from comity.acts.officers import OFFICER
from comity.models import ApiToken

P = ParamSpec("P")
Answer = TypeVar("Answer")
Operation = Callable[Concatenate[HttpRequest, P], Answer]


class Token(HttpBearer):
    """`Authorization: Bearer …` with a token that an officer made on the page People."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Give the token, if it holds; the request is then its account’s."""
        found = api_tokens.find(token, now())
        if found is not None:
            request.user = found.account
        return found


class Session(SessionAuth):
    """The desk’s own session. What changes anything carries the header X-CSRFToken besides."""

    openapi_name = "session"

    def __call__(self, request: HttpRequest) -> AbstractUser | AnonymousUser | None:
        """Leave a request with another credential alone: it is not judged by a session’s rules."""
        if "Authorization" in request.headers:
            return None
        found: AbstractUser | AnonymousUser | None = super().__call__(request)
        return found


EITHER: Final = (Token(), Session())


def now() -> datetime:
    """Return the present moment by the desk’s clock, whose days are those of its own zone."""
    return datetime.now(ZoneInfo(zones.ours()))


def actor(request: HttpRequest) -> str:
    """Return the name under which what is done is recorded."""
    return request.user.get_username()


def writing(operation: Operation[P, Answer]) -> Operation[P, Answer]:
    """Refuse everyone else than an officer, and a token that only reads."""

    @wraps(operation)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        token = getattr(request, "auth", None)
        if isinstance(token, ApiToken) and not token.writes:
            raise HttpError(403, _("This token only reads. An officer can make one that writes."))
        if not request.user.groups.filter(name=OFFICER).exists():
            said = _("Only an officer may do this. Counsel and auditors read everything and change nothing.")
            raise HttpError(403, said)
        return operation(request, *args, **kwargs)

    return guarded
