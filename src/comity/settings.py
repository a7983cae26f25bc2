"""Django's settings of one node. Everything that differs between nodes comes from the node's home (`COMITY_DATA`)."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from comity import database

DATA = Path(os.environ.get("COMITY_DATA", "comity-data")).resolve()


def _secret() -> str:
    """Return the node's session key, which `acts.nodes` writes when the node's home is made."""
    path = DATA / "keys" / "session"
    return path.read_text(encoding="ascii").strip() if path.exists() else "no node home yet: no session can be signed"


SECRET_KEY = _secret()
ORIGIN = os.environ.get("COMITY_ORIGIN", "")
"""Where people open the desk when a proxy with TLS stands before it, such as https://desk.example."""
if ORIGIN.startswith("https://"):
    CSRF_TRUSTED_ORIGINS = [ORIGIN]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if ORIGIN.startswith("https://") or os.environ.get("COMITY_SEALED"):  # the server itself speaks TLS
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français")]
LOCALE_PATHS = [str(Path(__file__).parent / "locale")]
DATABASES = {"default": database.entry(database.here())}
if os.environ.get("COMITY_REPLICAS"):
    DATABASES["replicas"] = database.entry(os.environ["COMITY_REPLICAS"])
    """Where the bytes of what is stored may be read beside the store itself: `acts.replicas`."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "comity.apps.ComityConfig",
]
MIGRATION_MODULES = {"comity": "comity.models.migrations"}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "comity.web.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "comity.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(Path(__file__).parent / room / "templates") for room in ("web", "api")],
        "APP_DIRS": True,  # allauth's pages, in our elements and layouts
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "comity.web.sign_in.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "comity.web.tags"],
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # accounts are made by officers; there is no page to sign up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Comity"
STATIC_URL = "/static/"
STATICFILES_DIRS = [str(Path(__file__).parent / "web" / "static")]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"


def _mail(url: str) -> dict[str, str | int | bool]:
    """Return Django's settings for mail: into the home's folder `mail`, or by `smtp://user:secret@host:port`.

    `smtps://` speaks TLS from the first byte (RFC 8314), `smtp://` asks for it (STARTTLS) where a user is given.
    """
    if not url:
        return {"EMAIL_BACKEND": "comity.acts.spool.Spool"}
    parts = urlsplit(url)
    sealed, user = parts.scheme == "smtps", unquote(parts.username or "")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if sealed else 587 if user else 25),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": sealed,
        "EMAIL_USE_TLS": bool(user) and not sealed,
        "EMAIL_TIMEOUT": 30,
    }


globals().update(_mail(os.environ.get("COMITY_MAIL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("COMITY_MAIL_FROM", "desk@localhost")
LOGGING = {"version": 1, "disable_existing_loggers": False}
