"""Every page of the desk by its address. What begins with `exchange`, `ledger` or `taxii2` is the exchange's own."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.i18n import set_language

from comity.web import (
    agreements,
    amendments,
    as_partner,
    consents,
    events,
    exchange,
    instruments,
    ledgers,
    officers,
    partners,
    today,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/text", agreements.text, name="agreement-text"),
    path("agreements/<slug:slug>/event/", events.event, name="event"),
    path("agreements/<slug:slug>/amendment/", amendments.amendment, name="amendment"),
    path("agreements/<slug:slug>/consent/", consents.consent, name="consent"),
    path("partners/", partners.partner_list, name="partners"),
    path("partners/<str:code>/", partners.partner, name="partner"),
    path("partners/<str:code>/tokens/", partners.new_token, name="new-token"),
    path("partners/<str:code>/tokens/<slug:username>/revoke/", partners.revoke_token, name="revoke-token"),
    path("partners/<str:code>/tokens/<slug:username>/end/", partners.end_token, name="end-token"),
    path("people/", officers.people, name="people"),
    path("people/add/", officers.add, name="add-account"),
    path("people/password/", officers.own_password, name="own-password"),
    path("people/<str:username>/password/", officers.reset, name="reset-password"),
    path("people/<str:username>/<slug:way>/", officers.turn, name="turn-account"),
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
