"""An OpenID Connect provider of its own, run in a process of its own: django-oauth-toolkit with one client and people.

`python -m tests.accounts.provider.site FOLDER PORT REDIRECT_ADDRESS` prepares its database and serves.
Sign in as `kim` (address confirmed) or `lee` (address not confirmed) with the password below.
"""

import sys
from pathlib import Path
from typing import Any

PASSWORD = "provider-password"
CLIENT_ID, CLIENT_SECRET = "portal", "provider-secret-of-the-portal"
PEOPLE = {"kim": ("kim@example.nhs.uk", True), "lee": ("lee@example.nhs.uk", False)}
SIGN_IN = (
    '<form method="post">{% csrf_token %}<input name="username"><input name="password"><button>Sign in</button></form>'
)


def configure(folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    # A key of its own for each run.
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    settings.configure(
        SECRET_KEY="of-the-provider-of-the-tests",
        DEBUG=False,
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="tests.accounts.provider.site",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"sign_in.html": SIGN_IN})]},
            }
        ],
        LOGIN_URL="/sign-in/",
        # Cookies know no ports: the portal's own have the usual names.
        SESSION_COOKIE_NAME="provider-session",
        CSRF_COOKIE_NAME="provider-csrf",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Tables as the models are, at once.
        MIGRATION_MODULES=dict.fromkeys(("auth", "contenttypes", "sessions", "oauth2_provider")),
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem,
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "openid", "profile": "profile", "email": "email"},
            "OAUTH2_VALIDATOR_CLASS": "tests.accounts.provider.claims.Claims",
        },
    )


def prepare(redirect: str) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", run_syncdb=True, verbosity=0)
    for name, (email, _) in PEOPLE.items():
        User.objects.create_user(name, email, PASSWORD, first_name=name.capitalize())
    Application.objects.create(
        name="The portal",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=redirect,
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )


def serve(port: int) -> None:
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIServer, make_server

    from django.core.wsgi import get_wsgi_application

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    with make_server("localhost", port, get_wsgi_application(), server_class=Threaded) as server:
        server.serve_forever()


def __getattr__(name: str) -> Any:
    """Django asks for `urlpatterns` once the settings stand."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.contrib.auth.views import LoginView
    from django.urls import include, path

    return [
        path("sign-in/", LoginView.as_view(template_name="sign_in.html")),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]


if __name__ == "__main__":
    import os

    import django

    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    configure(Path(sys.argv[1]))
    django.setup()
    prepare(sys.argv[3])
    serve(int(sys.argv[2]))
