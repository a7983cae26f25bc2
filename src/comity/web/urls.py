"""Every page of the desk by its address. What begins with `exchange`, `ledger` or `taxii2` is the exchange's own."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.i18n import set_language

from comity.web import agreements, as_partner, events, exchange, instruments, ledgers, today

urlpatterns = [
    path("", today.today, name="today"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/text", agreements.text, name="agreement-text"),
    path("agreements/<slug:slug>/event/", events.event, name="event"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("collections/", exchange.exchange, name="exchange"),
    path("search/", exchange.search, name="search"),
    path("collections/<slug:alias>/", exchange.collection, name="collection"),
    path("collections/<slug:alias>/<str:stix_id>/", exchange.one, name="object"),
    path("as-partner/", as_partner.as_partner, name="as-partner"),
    path("logs/", ledgers.ledger, name="ledger"),
    path("logs/verify-all/", ledgers.verify_all, name="verify-all"),
    path("logs/<str:code>/", ledgers.log, name="log"),
    path("logs/<str:code>/verify/", ledgers.verify, name="verify"),
    path("logs/<str:code>/sign/", ledgers.sign, name="sign-head"),
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
