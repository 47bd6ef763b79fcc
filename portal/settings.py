"""All settings, in one place. What may vary comes from `portal.environment`."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django_guid.integrations import CeleryIntegration

from portal.environment import ROOT, read_environment

env = read_environment()

BASE_DIR = ROOT
VAR_DIR = env.var_dir
IS_PRODUCTION = env.is_production
DEBUG = env.debug
ALLOWED_HOSTS = env.allowed_hosts
WEB_HOST = env.web_host
PORT = env.port
WEB_PROCESSES = env.web_processes
SITE_NAME = "Workforce Innovation Portal"
SITE_URL = env.site_url or f"http://localhost:{env.port}"
CSRF_TRUSTED_ORIGINS = [env.site_url] if env.site_url else []


def _secret_key_on_disk(path: Path) -> str:
    """Embedded shape: make a key once and keep it, so that sessions outlive a restart.

    Written whole under another name first: two processes that start at once agree on one key.
    """
    if not path.exists():
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text()


SECRET_KEY = env.secret_key or _secret_key_on_disk(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.secret_key_fallbacks

INSTALLED_APPS = [
    "portal.core",
    "portal.organisations",
    "portal.evidence",
    "portal.catalogue",
    "portal.benefits",
    "portal.adoption",
    "portal.accounts",
    "portal.webhooks",
    "portal.editing",
    "innovations",
    "casestudies",
    "portal.briefings",
    "portal.exchange",
    "portal.operations",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "portal.editing.wagtail_admin.AdminWithoutMail",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "corsheaders",
    "drf_spectacular",
    "csp",
    "django_guid",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.core.request_ids.RequestIds",
    "portal.operations.metrics.Measured",
    "portal.core.headers.HeadersOfEveryAnswer",
    "portal.operations.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "portal.accounts.callers.ApiCallers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.catalogue.sharing.SharedAnswers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.core.sent_forms.FormsOfThisSite",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.context_processors.site",
                "portal.briefings.context_processors.basket",
            ],
            "builtins": ["django.templatetags.static", "portal.core.templatetags.components"],
        },
    }
]

# Databases: SQLite as set here took four web processes, two editors and a worker writing at
# once without "database is locked"; with Django's defaults most writes failed.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA temp_store=MEMORY;",  # a temporary folder without room would refuse writes that have it
}
_database = dj_database_url.parse(env.database_url or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = _SQLITE_OPTIONS
    # Opening the file and setting it up took a third of a short answer's time.
    _database["CONN_MAX_AGE"] = 60
else:
    # Each thread has a connection in the pool: one waits for it only where the server gives none, and others behind.
    _pool = {"min_size": 1, "max_size": 8, "timeout": 3 if env.portal_part == "web" else 10}
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "pool": _pool}
    # A connection that a restart of the server broke is noticed when it is taken, not when it is used.
    _database["CONN_HEALTH_CHECKS"] = True
    if env.portal_part == "web":
        # A person waits: rather a sentence after five seconds than an answer after minutes.
        _database["OPTIONS"]["options"] = "-c lock_timeout=5s -c statement_timeout=20s"
DATABASES = {"default": _database}

# Sessions and what limits sign-ins live in the database: both are there when Redis is not.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    },
    # How often the API was called: shared by all processes, and never waited for.
    "counters": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_url,
        "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.25},
    }
    if env.redis_url
    else {"BACKEND": "portal.core.counters.CountersOnDisk", "LOCATION": VAR_DIR / "counters"},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.HardToGuess"},
    {"NAME": "portal.accounts.passwords.NotStolen"},
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# The design system's CSS names its images as /assets/..., which the manifest rewrites only
# when they stand under STATIC_URL.
STATIC_URL = "/assets/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "portal" / "core" / "assets"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "portal.core.staticfiles.NodePackagesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Packs, data files and attachments: in a folder, or in a bucket that all hosts share. No address leads to them.
_FILES: dict[str, Any] = {"BACKEND": "portal.core.files_on_disk.FilesOnDisk"}
if env.s3_bucket:
    _FILES = {
        "BACKEND": "portal.core.files_in_bucket.FilesInBucket",
        "OPTIONS": {
            "bucket_name": env.s3_bucket,
            "endpoint_url": env.s3_endpoint or None,
            "access_key": env.s3_access_key or None,
            "secret_key": env.s3_secret_key or None,
            "region_name": env.s3_region,
            "location": env.s3_prefix,
        },
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# An entry's form sends some 36 fields for each figure; Django's thousand are 26 figures.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
MEDIA_ROOT = VAR_DIR / "media"
# Asked of each file that editors attach, before it is kept.
VIRUS_SCANNER = env.virus_scanner
FILE_UPLOAD_PERMISSIONS = 0o640

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# In the session, which whoever gets a message has: no third cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.core.views.form_expired"
if env.is_production:
    SECURE_SSL_REDIRECT = True
    # A program that was sent on would go on giving its key away with each request: it is refused.
    SECURE_REDIRECT_EXEMPT = ["^api/v1/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # By these names browsers hold that no other host, neighbours under the same domain among them, set the cookie.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# Chromium logs a complaint for each name it doesn't know, so these are those that it does.
FEATURES_NO_PAGE_USES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
    *(
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        # The design system's CSS names this font host; our own font stack means nothing is asked
        # of it, and naming it here keeps the browser's console quiet.
        "font-src": [SELF, "https://assets.nhs.uk"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# What an answer doesn't say otherwise: redirects, refusals and static files come from before any page's own policy.
HEADERS_OF_EVERY_ANSWER = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": X_FRAME_OPTIONS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES_NO_PAGE_USES),
}
# Told at /.well-known/security.txt.
SECURITY_CONTACT = env.security_contact
SECURITY_POLICY = env.security_policy
POLICY_OF_DOWNLOADS = f"{HEADERS_OF_EVERY_ANSWER['Content-Security-Policy']}; sandbox"

# Accounts: one door for readers and editors. See docs/accounts.md.
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.NetworkRoleBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:account"
OPEN_SIGN_UP = env.open_sign_up
MFA_REQUIRED = env.is_production if env.mfa_required is None else env.mfa_required
TRAIL_DAYS = env.trail_days
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.NameAtSignUp"
ACCOUNT_FORMS = {
    name: f"portal.accounts.named_forms.{form}"
    for name, form in {
        "login": "SignInForm",
        "signup": "SignUpForm",
        "add_email": "AddAddressForm",
        "change_password": "ChangePasswordForm",  # nosec B105  # a form
        "set_password": "SetPasswordForm",  # nosec B105  # a form
        "reset_password": "AskForPasswordForm",  # nosec B105  # a form
        "reset_password_from_key": "ChoosePasswordForm",  # nosec B105  # a form
        "reauthenticate": "PasswordAgainForm",
    }.items()
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 2
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Not by a code sent by e-mail: whoever holds a stolen session may hold the mailbox as well.
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USERNAME_BLACKLIST = ["system", "portal", "administrator"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.is_production else "http"
PASSWORD_RESET_TIMEOUT = 4 * 3600
MFA_ADAPTER = "portal.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    name: f"portal.accounts.named_forms.{form}"
    for name, form in {
        "authenticate": "CodeForm",
        "reauthenticate": "CodeAgainForm",
        "activate_totp": "AddAppForm",
        "add_webauthn": "AddPasskeyForm",
        "edit_webauthn": "RenamePasskeyForm",
    }.items()
}
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_ADAPTER = "portal.accounts.adapters.SessionsAdapter"
SOCIALACCOUNT_ADAPTER = "portal.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "VERIFIED_EMAIL": env.oidc_confirms_email,
        "APPS": [
            {
                "provider_id": "provider",
                "name": env.oidc_name,
                "client_id": env.oidc_client_id,
                "secret": env.oidc_secret,
                "settings": {"server_url": env.oidc_issuer},
            }
        ]
        if env.oidc_issuer
        else [],
    }
}

# Mail is printed to the console unless a server is named. It is sent by the worker, never in a request.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.email_host else 'console'}.EmailBackend"
EMAIL_HOST = env.email_host
EMAIL_PORT = env.email_port
EMAIL_HOST_USER = env.email_user
EMAIL_HOST_PASSWORD = env.email_password
EMAIL_USE_TLS = bool(env.email_host)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.email_from

# Editing. Wagtail's screens use scripts and styles within the page, so they have a policy of their own.
EDITING_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
}
WAGTAIL_FINISH_WORKFLOW_ACTION = "portal.editing.finishing.finish_workflow"
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}

# The API. Any site's scripts may read it; nothing of a visitor's is ever told there.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    *("etag", "x-request-id", "retry-after"),
    *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
]
API_PER_MINUTE = env.api_per_minute
API_PER_MINUTE_BY_KEY = env.api_per_minute_by_key
RATELIMIT_USE_CACHE = "counters"
RATELIMIT_FAIL_OPEN = True
TRUSTED_PROXIES = env.proxies
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "DESCRIPTION": (
        "What relieves a short-handed NHS workforce: innovations, case studies, evidence, and figures that add up "
        "once. Read by anybody, without a key; a network's systems write by one. "
        "A figure never comes without unit, basis, qualifier, period and place; "
        "numbers are exact, as text; null is what nobody stated."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key of a network's system, made by its people on the editing site.",
            }
        }
    },
    "PREPROCESSING_HOOKS": ["portal.core.api.description.only_ours"],
    "POSTPROCESSING_HOOKS": [],
}

# Asking other hosts: nothing is asked unless the operator says so. See docs/evidence-checks.md and docs/webhooks.md.
OUTGOING = env.outgoing
OUTGOING_ALLOW = env.outgoing_allow
OUTGOING_SECONDS = 10
# Between two questions to one host.
EVIDENCE_PAUSE_SECONDS = 5

# Briefing packs
BRIEFINGS_MAX_ENTRIES = 100
# Waiting or under way at once: of one person or browser, and in all.
BRIEFINGS_MOST_WAITING = 100
BRIEFINGS_LONGEST_QUEUE = 2000
# Of people who have not signed in: whole trusts share one address.
BRIEFINGS_ASKED_FROM_ONE_ADDRESS = (200, 3600)
BRIEFINGS_RENDER_WALL_SECONDS = 180
BRIEFINGS_BRIEF_WALL_SECONDS = 30
BRIEFINGS_LEASE_SECONDS = env.render_lease_seconds
BRIEFINGS_MAX_ATTEMPTS = 3
BRIEFINGS_KEEP_DAYS = env.pack_days
# A pack of so many entries is made in seconds: one place of each worker takes no larger one.
BRIEFINGS_SMALL_ENTRIES = 10
# No room on the disk, or no storage, passes: a pack that failed for it is tried again by itself, for a day.
BRIEFINGS_RETRY_SECONDS = 300
BRIEFINGS_RETRY_FOR_SECONDS = 24 * 3600
BRIEFINGS_FREE_BYTES = 50_000_000
BRIEFINGS_SHARE_DAYS = (7, 30, 90)
BRIEFINGS_KEEP_READY = env.keep_ready
# Briefs kept ready for the entries published last; a brief of any other is made when it is asked for.
BRIEFINGS_BRIEFS_KEPT_READY = 1000
BRIEFINGS_SETTLE_SECONDS = 5
RENDER_SLOTS = env.render_slots
# With a single place, one pack of a hundred entries would make everybody wait for a minute.
WORKER_SLOTS = max(2, RENDER_SLOTS)

# The whole catalogue as files, made each night. Each making is kept so long that who reads its checksums can still
# download it the day after.
DATA_FILES_KEEP_READY = env.keep_ready
DATA_FILES_HOUR = 2
DATA_FILES_KEPT = env.data_files_kept
DATA_FILES_LEASE_SECONDS = 3 * 3600
DATA_FILES_RETRY_SECONDS = 3600
DATA_FILES_FREE_BYTES = 200_000_000
DATA_LICENCE = env.data_licence
DATA_LICENCE_IS_CONFIRMED = "data_licence" in env.model_fields_set

# How long the rest is kept; docs/deploy.md has the list.
IMPORTS_KEEP_DAYS = env.import_days
IMPORTS_KEEP_UNAPPLIED_DAYS = env.unapplied_import_days
WEBHOOKS_KEEP_DAYS = env.webhook_days
MISSED_SEARCHES_KEEP_MONTHS = env.missed_search_months
CONFIRMATION_LINKS_KEEP_DAYS = env.confirmation_link_days

# Celery is only a bell: the pack's row is the truth (ADR 0004).
CELERY_BROKER_URL = env.redis_url or "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 1, "visibility_timeout": 3600}
    if env.redis_url
    else {"polling_interval": 0.2}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(env.redis_url)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Mails that go to the console are read there, links and all.
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long Redis is away, and when it is full: a worker tries again each second instead of ending.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_TIMEZONE = TIME_ZONE

# Operations. Each request has an id: its caller's, if that is one, or a new one. Answers, log and tasks carry it.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",  # also in messages to workers
    "INTEGRATIONS": [CeleryIntegration()],
}
METRICS_TOKEN = env.metrics_token
METRICS_ALLOW = env.metrics_allow
# All processes of a host write there, so that whichever is asked tells of all.
METRICS_FOLDER = VAR_DIR / "metrics" if METRICS_TOKEN or METRICS_ALLOW else None
if METRICS_FOLDER:
    METRICS_FOLDER.mkdir(exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_FOLDER)  # read when prometheus_client is loaded
HEALTH_QUEUE_SECONDS = env.health_queue_seconds

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.core.request_ids.WithRequestId"}},
    "formatters": {
        "json": {"()": "portal.core.logs.JsonLines"},
        "line": {"()": "portal.core.logs.OneLine"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if env.logs_json else "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # With DEBUG off Django logs no 500 to the console unless told to.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # It warns of each header that is no id, which anybody may send.
        "django_guid": {"level": "ERROR"},
        "portal": {"handlers": ["console"], "level": env.log_level, "propagate": False},
    },
}
