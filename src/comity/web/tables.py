"""Tables as files: what a page lists, to be opened in a spreadsheet or read by a script."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.acts import exporting, moments
from comity.acts.table_rows import TABLES
from comity.acts.tables import Question
from comity.web.asking import asking


@require_safe
def table(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Give a table as a file: on a day, as known on a day, of one party or instrument where the address names one."""
    if key not in TABLES or form not in exporting.FORMS:
        raise Http404(key)
    ask = asking(request)
    if ask.wrong:
        said = _("That is no day between 1900 and 2200: write it as 2026-12-31.")
        return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")
    party, instrument = (request.GET.get(name, "").replace("\0", "") for name in ("party", "instrument"))
    question = Question(ask.on, moments.moment(ask.asked.known_at), party, instrument)
    file = exporting.export(TABLES[key], question, form)
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer
