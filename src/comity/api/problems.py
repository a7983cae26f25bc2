"""What went wrong, as RFC 9457 has it: one document for every answer that is no success."""

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Response

from comity.acts.agreements import Rejected
from comity.acts.claim_inbox import NotTaken
from comity.acts.officers import Refused
from comity.acts.practice import NotRecorded
from comity.claims.reading import Unreadable

MEDIA_TYPE: Final = "application/problem+json"


class Place(Schema):
    """One thing that is wrong: where it stands, as a path into what was sent, and what is wrong with it."""

    at: str
    says: str


class Problem(Schema):
    """Why there is no answer (RFC 9457). `errors` names each thing that is wrong, with its place where it has one."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[Place] = Field(default_factory=list)


OF_READING: Final[dict[int, Any]] = {401: Problem, 404: Problem, 422: Problem}
OF_WRITING: Final[dict[int, Any]] = {401: Problem, 400: Problem, 403: Problem, 404: Problem, 422: Problem}
"""The problems that an answer may be, for the document."""


def problem(status: int, detail: str, errors: list[Place] | None = None) -> HttpResponse:
    """Make the answer."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    answer = Response(told.model_dump(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def handle(api: NinjaAPI) -> None:
    """Have each kind of error translated once."""

    @api.exception_handler(Rejected)
    def _rejected(request: HttpRequest, error: Rejected) -> HttpResponse:
        del request
        return problem(422, str(error), [Place(at="body", says=reason) for reason in error.reasons])

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
        del request
        return problem(422, str(error), [Place(at="body", says=reason) for reason in error.reasons])

    @api.exception_handler(NotTaken)
    @api.exception_handler(NotRecorded)
    @api.exception_handler(Unreadable)
    def _not_done(request: HttpRequest, error: NotTaken | NotRecorded | Unreadable) -> HttpResponse:
        del request
        return problem(422, str(error), [Place(at="body", says=str(error))])

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        del request
        places = [Place(at=".".join(map(str, one["loc"])), says=str(one["msg"])) for one in error.errors]
        return problem(422, "; ".join(f"{place.at}: {place.says}" for place in places), places)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        del request, error
        return problem(401, "Sign in at the desk, or send a token: Authorization: Bearer comity_…")

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        del request
        return problem(error.status_code, str(error))

    @api.exception_handler(Http404)
    def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        del error
        return problem(404, f"There is nothing at {request.path}.")
