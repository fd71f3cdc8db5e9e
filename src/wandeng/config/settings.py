"""Settings of every installation. What differs between installations comes from the environment, nothing else does.

``WANDENG_HOME`` is where the embedded database, Parquet columns, documents and keys live (default ``var`` in the
current folder); ``WANDENG_DATABASE_URL`` is ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy

HOME = Path(os.environ.get("WANDENG_HOME", "var")).resolve()
DATABASE_URL = os.environ.get("WANDENG_DATABASE_URL", f"sqlite:///{HOME / 'wandeng.sqlite3'}")

# The patience comes first: entering WAL mode may itself meet a lock, when another process closes its last connection.
SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=60000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA recursive_triggers=ON"
)


def database_from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for one of the two supported stores."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = url.removeprefix("sqlite:///")
        return {
            "ENGINE": "wandeng.infra.sqlite_backend",
            "NAME": name,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS, "timeout": 60},
            # A file, not memory: the column connection must see the same data.
            "TEST": {"NAME": str(Path(name).with_name("test-wandeng.sqlite3"))},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # Client side of the cut-network settings: an error after seconds, not a hang of minutes.
            "OPTIONS": {
                "connect_timeout": 3,
                "keepalives_idle": 2,
                "keepalives_interval": 1,
                "keepalives_count": 3,
                "tcp_user_timeout": 4000,
                # What `infra/prepared.py` asks is planned once a connection, at its first time; `?prepared=no` for a pooler that
                # hands the same connection to several and does not know about it.
                "prepare_threshold": None if dict(parse_qsl(parts.query)).get("prepared") == "no" else 0,
            },
        }
    raise ValueError(f"WANDENG_DATABASE_URL must start with sqlite:/// or postgresql://, got '{parts.scheme}'")


def secret_key() -> str:
    """What signs sessions: from the environment, or the file that ``wandeng init`` makes. A command that needs neither
    sessions nor a home gets one for itself."""
    path = HOME / "secret.key"
    if given := os.environ.get("WANDENG_SECRET_KEY"):
        return given
    return path.read_text() if path.exists() else secrets.token_urlsafe(48)


DATABASES = {"default": database_from_url(DATABASE_URL)}
SECRET_KEY = secret_key()
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Chinese is what the sources say; English is the one catalogue.
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "wd_language"

DEMO = os.environ.get("WANDENG_DEMO", "") == "1"
"""A demonstration: the login page offers one account per role. Never on data of real people."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "csp",
    "ninja",
    "wandeng.infra",
    "wandeng.domains.organization",
    "wandeng.domains.customers",
    "wandeng.domains.network",
    "wandeng.domains.ledger",
    "wandeng.domains.tariffs",
    "wandeng.domains.metering",
    "wandeng.domains.notices",
    "wandeng.domains.knowledge",
    "wandeng.domains.purchases",
    "wandeng.domains.losses",
    "wandeng.domains.reliability",
    "wandeng.domains.voltage",
    "wandeng.domains.switching",
    "wandeng.domains.outlets",
    "wandeng.domains.boards",
    "wandeng.domains.conversations",
    "wandeng.domains.residents",
    "wandeng.domains.billing",
    "wandeng.domains.payments",
    "wandeng.domains.cases",
    "wandeng.domains.connections",
    "wandeng.domains.appointments",
    "wandeng.domains.halls",
    "wandeng.domains.collections",
    "wandeng.domains.outages",
    "wandeng.domains.rationing",
    "wandeng.domains.emergency",
    "wandeng.interfaces.doorway",
    "wandeng.interfaces.channels",
    "wandeng.interfaces.portal",
    "wandeng.interfaces.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "wandeng.interfaces.doorway.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wandeng.interfaces.doorway.middleware.AskingMiddleware",
    "wandeng.interfaces.doorway.middleware.PolicyMiddleware",
    "wandeng.interfaces.api.idempotency.IdempotencyMiddleware",
]

ROOT_URLCONF = "wandeng.config.urls"
WSGI_APPLICATION = "wandeng.config.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("wandeng.interfaces.doorway.flattening.Loader", _LOADERS)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "wandeng.interfaces.doorway.templatetags.wandeng",
                "wandeng.interfaces.doorway.templatetags.fixed",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "wandeng.interfaces.doorway.context.asking",
                "wandeng.interfaces.console.context.desk",
            ],
        },
    }
]

FORM_RENDERER = "wandeng.interfaces.doorway.widgets.Renderer"

# Passwords: as the protection scheme of computer systems (GB/T 22239) expects of staff.
AUTH_USER_MODEL = "organization.Person"
AUTHENTICATION_BACKENDS = ["wandeng.interfaces.doorway.backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("code", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

SESSION_ENGINE = "wandeng.interfaces.doorway.session_store"
SESSION_COOKIE_NAME = "wd_session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "wd_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wandeng.interfaces.doorway.errors.csrf_failed"
LOGIN_URL = "console:login"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Behind TLS unless said otherwise: `wandeng serve --plain-http` is for one machine and for demonstrations.
PLAIN_HTTP = os.environ.get("WANDENG_PLAIN_HTTP", "") == "1"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("WANDENG_BEHIND_PROXY") == "1" else None
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLOWED_HOSTS = [host for host in os.environ.get("WANDENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("WANDENG_ORIGINS", "").split(",") if origin]

# Everything from this machine. Charts and maps place their parts by inline styles; scripts never stand in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get(
            "WANDENG_STATIC_STORAGE", "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

DJANGO_TABLES2_TEMPLATE = "console/table.html"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("不限")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("WANDENG_LOG_LEVEL", "WARNING")},
}

WANDENG_OUTGOING = os.environ.get("WANDENG_OUTGOING", "")
"""What this installation may call: names and networks with commas between; nothing by default (``infra/outgoing.py``)."""

WANDENG_SUBSCRIPTIONS = "wandeng.flows.subscriptions.SUBSCRIPTIONS"
"""The one table of event subscribers; named here because ``infra`` may not import ``flows``."""
WANDENG_EVENT_KINDS = "wandeng.flows.subscriptions.EVENT_KINDS"
WANDENG_EVENT_UNITS = "wandeng.flows.subscriptions.EVENT_UNITS"
"""What others may hear by webhook, and which unit an event belongs to."""

WANDENG_PAYMENT_PROVIDERS = "wandeng.interfaces.channels.payments.ADAPTERS"
"""Kind of payment channel → adapter; named here because flows know no door."""

WANDENG_CHANNELS = "wandeng.interfaces.channels.ways_out"
# The way to remote control (files out and in), and what plays the other side in trials.
WANDENG_EXCHANGE = "wandeng.interfaces.channels.exchanges.exchange"
WANDENG_EXCHANGE_URL = os.environ.get("WANDENG_EXCHANGE_URL", "")
WANDENG_EXCHANGE_TOKEN = os.environ.get("WANDENG_EXCHANGE_TOKEN", "")
"""The telephone exchange that dials, and where and by which token it is asked to; without an address nobody is called."""
WANDENG_SUPPLY_WAY = "wandeng.interfaces.channels.supply.way"
WANDENG_SUPPLY_SIMULATOR = "wandeng.interfaces.channels.supply.simulate"
"""The ways by which notices leave; named here because flows know no door."""
WANDENG_GATEWAYS = {
    channel: {
        "url": os.environ.get(f"WANDENG_{channel}_URL", ""),
        "query_url": os.environ.get(f"WANDENG_{channel}_QUERY_URL", ""),
        "token": os.environ.get(f"WANDENG_{channel}_TOKEN", ""),
    }
    for channel in ("SMS", "WECHAT", "VOICE", "EMAIL")
}
"""Channel → the gateway that messages are handed to; without an address they are only recorded."""
