"""Every address of the node but those of the exchange: the desk’s pages, and the API below /api/."""

from importlib import import_module

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_not_required
def api(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Hand over to the API, which is loaded with the first request to it: a desk starts without waiting for it."""
    found: HttpResponse = import_module("comity.api.doors").answer(request, rest)
    return found


urlpatterns = [path("api/", api, name="api"), path("api/<path:rest>", api), path("", include("comity.web.urls"))]
