"""Every page of the desk by its address."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.i18n import set_language

from comity.web import agreements, as_partner, events, exchange, ledgers, today

urlpatterns = [
    path("", today.today, name="today"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/text", agreements.text, name="agreement-text"),
    path("agreements/<slug:slug>/event/", events.event, name="event"),
    path("exchange/", exchange.exchange, name="exchange"),
    path("exchange/search/", exchange.search, name="search"),
    path("exchange/in/<slug:alias>/", exchange.collection, name="collection"),
    path("exchange/in/<slug:alias>/<str:stix_id>/", exchange.one, name="object"),
    path("as-partner/", as_partner.as_partner, name="as-partner"),
    path("ledger/", ledgers.ledger, name="ledger"),
    path("ledger/verify-all/", ledgers.verify_all, name="verify-all"),
    path("ledger/<str:code>/", ledgers.log, name="log"),
    path("ledger/<str:code>/verify/", ledgers.verify, name="verify"),
    path("ledger/<str:code>/sign/", ledgers.sign, name="sign-head"),
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
