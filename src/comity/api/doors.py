"""The addresses of the API: its reference, its document, and every operation below them."""

from typing import Any, Final

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comity.api import service
from comity.api.problems import problem

NO_METHOD: Final = 405
EXAMPLE: Final = "/api/standings?party=BS&on=2026-12-31"


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the document as a page."""
    described = service.document()
    example = f'curl -H "Authorization: Bearer $TOKEN" "{request.build_absolute_uri(EXAMPLE)}"'
    context = {"about": described["info"]["description"], "groups_of": _laid_out(described), "example": example}
    return render(request, "api/reference.html", context)


def _laid_out(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Lay out the operations by their tag: each with its method, address, parameters and what it takes and gives."""
    found: dict[str, list[dict[str, Any]]] = {}
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            schema = described["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            fields = [{"name": name, "required": name in schema.get("required", ()), "says": _says(described, told)}
                      for name, told in schema.get("properties", {}).items()]  # fmt: skip
            parameters = [{"name": one["name"], "required": one.get("required"), "says": one.get("description", "")}
                          for one in operation.get("parameters", [])]  # fmt: skip
            found.setdefault(operation["tags"][0], []).append({
                "method": method.upper(), "address": address, "summary": operation["summary"],
                "says": operation["description"], "id": operation["operationId"],
                "parameters": parameters, "fields": fields,
            })  # fmt: skip
    return found


def _says(described: dict[str, Any], told: dict[str, Any]) -> str:
    """Say what a field takes: its description, its words, or its type."""
    schema = described["components"]["schemas"].get(told.get("$ref", "").rpartition("/")[2], told)
    types = [one.get("format") or one.get("type", "") for one in schema.get("anyOf", [schema])]
    kinds = schema.get("enum") or [str(one) for one in types]
    return str(schema.get("description") or (" | ".join(map(str, kinds))))


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI document."""
    del request
    return HttpResponse(msgspec.json.format(msgspec.json.encode(service.document()), indent=1),
                        content_type="application/json")  # fmt: skip


@csrf_exempt
@login_not_required
def answer(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer whatever is below the API’s root; the operations look after sessions and tokens themselves."""
    for pattern in PATTERNS:
        match = pattern.resolve(rest)
        if match is not None:
            found: HttpResponse = match.func(request, *match.args, **match.kwargs)
            if found.status_code == NO_METHOD:
                allowed = found.headers["Allow"]
                found = problem(NO_METHOD, f"{request.path} knows {allowed}.")
                found["Allow"] = allowed
            return found
    return problem(404, f"There is nothing at {request.path}.")


PATTERNS: Final[list[URLPattern | URLResolver]] = [
    path("", reference),
    path("openapi.json", document),
    *service.API.urls[0],
]
