"""What the portal reads from its environment, and what to do when a value is wrong.

Two shapes (ADR 0003): `embedded` needs no variable at all; `production` needs PostgreSQL,
Redis, a secret key and the host names people use.
"""

import os
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

MOST_PORTS = 65535
SCHEMES = {
    "database_url": ("sqlite:///", "postgres://", "postgresql://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "site_url": ("http://", "https://"),
    "oidc_issuer": ("http://", "https://"),
    "s3_endpoint": ("http://", "https://"),
}

Names = Annotated[list[str], NoDecode]


class Environment(BaseSettings):
    """One field a variable; each description is the fix shown when the value is wrong."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    portal_shape: Literal["embedded", "production"] = Field(
        "embedded", description="Set PORTAL_SHAPE to 'embedded' (SQLite, no server) or 'production'."
    )
    portal_part: Literal["web", "other"] = Field(
        "other", description="Set PORTAL_PART to nothing: the web server sets it for itself."
    )
    debug: bool = Field(False, description="Set DEBUG to 'true' or 'false'; never 'true' in production.")
    secret_key: str = Field("", description="Set SECRET_KEY to at least 50 random characters: openssl rand -base64 48.")
    secret_key_fallbacks: Names = Field(
        [],
        description="Set SECRET_KEY_FALLBACKS to the keys used before, separated by commas, newest first.",
    )
    database_url: str = Field(
        "", description="Set DATABASE_URL, for example postgresql://portal:PASSWORD@db.example:5432/portal."
    )
    redis_url: str = Field("", description="Set REDIS_URL, for example redis://cache.example:6379/0.")
    allowed_hosts: Names = Field(
        ["localhost", "127.0.0.1", "[::1]"],
        description="Set ALLOWED_HOSTS to the names people type, separated by commas: portal.example.nhs.uk.",
    )
    email_host: str = Field("", description="Set EMAIL_HOST to your mail server's name; without it mail is printed.")
    email_port: int = Field(587, ge=1, le=MOST_PORTS, description="Set EMAIL_PORT to a number from 1 to 65535.")
    email_user: str = Field("", description="Set EMAIL_USER to the name to sign in to the mail server with.")
    email_password: str = Field("", description="Set EMAIL_PASSWORD to the mail server's password.")
    email_from: str = Field(
        "Workforce Innovation Portal <portal@localhost>",
        description="Set EMAIL_FROM to the address mail is sent from: Portal <portal@example.nhs.uk>.",
    )
    virus_scanner: str = Field(
        "",
        pattern=r"^(\S+:\d{1,5})?$",
        description="Set VIRUS_SCANNER to where clamd listens, as host:port: scanner.example:3310.",
    )
    security_contact: str = Field(
        "",
        pattern=r"^((mailto:|https://|tel:)\S+)?$",
        description="Set SECURITY_CONTACT to where weaknesses are reported: mailto:security@example.nhs.uk or https://….",
    )
    security_policy: str = Field(
        "",
        pattern=r"^(https://\S+)?$",
        description="Set SECURITY_POLICY to the address of how you handle such reports: https://….",
    )
    site_url: str = Field(
        "", description="Set SITE_URL to the address people use, with https: https://portal.example.nhs.uk."
    )
    web_host: str = Field(
        "127.0.0.1", description="Set WEB_HOST to the address the web server listens on: 127.0.0.1 or 0.0.0.0."
    )
    port: int = Field(8000, ge=1, le=MOST_PORTS, description="Set PORT to a number from 1 to 65535, for example 8000.")
    var_dir: Path = Field(ROOT / "var", description="Set VAR_DIR to a folder the portal may write to.")
    web_processes: int = Field(2, ge=1, le=64, description="Set WEB_PROCESSES to a number from 1 to 64.")
    trusted_proxies: int | None = Field(
        None, ge=0, le=5, description="Set TRUSTED_PROXIES to how many of your own proxies stand in front, 0 to 5."
    )
    api_per_minute: int = Field(
        300, ge=1, le=10_000_000, description="Set API_PER_MINUTE to how many requests one address may make a minute."
    )
    api_per_minute_by_key: int = Field(
        1200,
        ge=1,
        le=10_000_000,
        description="Set API_PER_MINUTE_BY_KEY to how many requests one key may make a minute.",
    )
    render_slots: int = Field(
        2, ge=1, le=32, description="Set RENDER_SLOTS to how many packs a worker renders at once, 1 to 32."
    )
    keep_ready: bool = Field(
        True,
        description="Set KEEP_READY to 'true' or 'false': whether workers keep briefs, packs and data files ready.",
    )
    data_licence: Literal["CC-BY-4.0", "OGL-UK-3.0", "CC0-1.0"] = Field(
        "CC-BY-4.0",
        description="Set DATA_LICENCE to what you publish the catalogue under: CC-BY-4.0, OGL-UK-3.0 or CC0-1.0.",
    )
    render_lease_seconds: int = Field(
        45,
        ge=2,
        le=3600,
        description="Set RENDER_LEASE_SECONDS to how long a worker may be silent, 2 to 3600.",
    )

    open_sign_up: bool = Field(
        True,
        description="Set OPEN_SIGN_UP to 'true' or 'false': whether readers may make an account without an invitation.",
    )
    mfa_required: bool | None = Field(
        None,
        description="Set MFA_REQUIRED to 'true' or 'false': whether publishers and administrators need a second "
        "factor. Without it they do in production.",
    )
    trail_days: int = Field(
        730, ge=90, le=3660, description="Set TRAIL_DAYS to how long sign-ins are kept in the trail, 90 to 3660 days."
    )
    pack_days: int = Field(
        90, ge=7, le=3660, description="Set PACK_DAYS to how long a finished pack is kept, 7 to 3660 days."
    )
    import_days: int = Field(
        90,
        ge=30,
        le=3660,
        description="Set IMPORT_DAYS to how long the rows of an applied import are kept, 30 to 3660 days.",
    )
    unapplied_import_days: int = Field(
        30,
        ge=1,
        le=3660,
        description="Set UNAPPLIED_IMPORT_DAYS to how long an import that was never applied is kept, 1 to 3660 days.",
    )
    webhook_days: int = Field(
        30, ge=2, le=3660, description="Set WEBHOOK_DAYS to how long a webhook's messages are kept, 2 to 3660 days."
    )
    missed_search_months: int = Field(
        13,
        ge=1,
        le=120,
        description="Set MISSED_SEARCH_MONTHS to how long words that found nothing are kept, 1 to 120 months.",
    )
    confirmation_link_days: int = Field(
        30,
        ge=1,
        le=3660,
        description="Set CONFIRMATION_LINK_DAYS to how long what is left of an expired link to an organisation is "
        "kept, 1 to 3660 days.",
    )
    data_files_kept: int = Field(
        3, ge=2, le=366, description="Set DATA_FILES_KEPT to how many nights' data files are kept, 2 to 366."
    )
    oidc_issuer: str = Field(
        "",
        description="Set OIDC_ISSUER to the address of your OpenID Connect provider, and OIDC_CLIENT_ID and "
        "OIDC_SECRET to what it gave you.",
    )
    oidc_client_id: str = Field("", description="Set OIDC_CLIENT_ID to the client id that your provider gave you.")
    oidc_secret: str = Field("", description="Set OIDC_SECRET to the client secret that your provider gave you.")
    oidc_name: str = Field(
        "your organisation", description="Set OIDC_NAME to how people call your provider: NHS CIS2, for example."
    )
    oidc_confirms_email: bool = Field(
        False,
        description="Set OIDC_CONFIRMS_EMAIL to 'true' if every e-mail address your provider tells was confirmed, "
        "although it doesn't say so (Entra ID).",
    )
    # --- operations -------------------------------------------------------------------------
    s3_bucket: str = Field(
        "", description="Set S3_BUCKET to the bucket for packs and attachments; without it they are kept in VAR_DIR."
    )
    s3_endpoint: str = Field(
        "",
        description="Set S3_ENDPOINT to the object storage's address, for example https://s3.example.nhs.uk; "
        "leave it out for Amazon's own. It needs S3_BUCKET.",
    )
    s3_access_key: str = Field(
        "", description="Set S3_ACCESS_KEY together with S3_SECRET_KEY, or neither where the host itself has the right."
    )
    s3_secret_key: str = Field("", description="Set S3_SECRET_KEY to the secret that belongs to S3_ACCESS_KEY.")
    s3_region: str = Field("us-east-1", description="Set S3_REGION to the bucket's region, for example eu-west-2.")
    s3_prefix: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="Set S3_PREFIX to the folder within the bucket: letters, digits, dots and dashes.",
    )
    log_format: Literal["", "json", "line"] = Field(
        "", description="Set LOG_FORMAT to 'json' or 'line'; without it, production writes JSON."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Set LOG_LEVEL to DEBUG, INFO, WARNING or ERROR: how much the portal itself logs."
    )
    metrics_token: str = Field(
        "",
        pattern=r"^([\x21-\x7e]{20,})?$",
        description="Set METRICS_TOKEN to at least 20 random characters without spaces: openssl rand -hex 32.",
    )
    metrics_allow: Names = Field(
        [], description="Set METRICS_ALLOW to networks that may read /metrics, separated by commas: 10.20.0.0/16."
    )
    health_queue_seconds: int = Field(
        1800,
        ge=10,
        le=86400,
        description="Set HEALTH_QUEUE_SECONDS to how long work may wait before the site is not ready, 10 to 86400.",
    )

    outgoing: bool = Field(
        False,
        description="Set OUTGOING to 'true' or 'false': whether the worker may ask other hosts (addresses of evidence, "
        "webhooks).",
    )
    outgoing_allow: Names = Field(
        [],
        description="Set OUTGOING_ALLOW to hosts of your own network that may be asked all the same, separated by "
        "commas: intranet.example.nhs.uk, hooks.example.nhs.uk:8443, 10.20.0.0/16.",
    )

    @field_validator("allowed_hosts", "outgoing_allow", "secret_key_fallbacks", "metrics_allow", mode="before")
    @classmethod
    def split_names(cls, value: Any) -> Any:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @field_validator("outgoing_allow")
    @classmethod
    def names_hosts_or_networks(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            if "://" in entry or "*" in entry:
                raise ValueError("a host or a network, not an address")
            if "/" in entry:
                ip_network(entry)
        return entries

    @field_validator("virus_scanner")
    @classmethod
    def has_a_port(cls, value: str) -> str:
        if value and not 0 < int(value.rpartition(":")[2]) <= MOST_PORTS:
            raise ValueError("no such port")
        return value

    @field_validator("metrics_allow")
    @classmethod
    def names_networks(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            ip_network(entry)
        return entries

    @field_validator("database_url", "redis_url", "site_url", "oidc_issuer", "s3_endpoint")
    @classmethod
    def has_known_scheme(cls, value: str, info: ValidationInfo) -> str:
        if value and not value.startswith(SCHEMES[info.field_name or ""]):
            raise ValueError("unknown scheme")
        return value

    @field_validator("var_dir")
    @classmethod
    def is_writable(cls, folder: Path) -> Path:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(str(error)) from error
        if not os.access(folder, os.W_OK):
            raise ValueError("not writable")
        return folder

    @property
    def is_production(self) -> bool:
        return self.portal_shape == "production"

    @property
    def proxies(self) -> int:
        """How many proxies of ours stand in front: in production one, unless told otherwise."""
        return int(self.is_production) if self.trusted_proxies is None else self.trusted_proxies

    @property
    def logs_json(self) -> bool:
        return self.log_format == "json" or (self.is_production and not self.log_format)

    @model_validator(mode="after")
    def check_object_storage(self) -> Self:
        problems = {
            "s3_bucket": not self.s3_bucket and bool(self.s3_endpoint or self.s3_access_key or self.s3_secret_key),
            "s3_access_key": bool(self.s3_secret_key) and not self.s3_access_key,
            "s3_secret_key": bool(self.s3_access_key) and not self.s3_secret_key,
        }
        wrong = [name for name, is_wrong in problems.items() if is_wrong]
        if wrong:
            raise ValueError("|".join(wrong))
        return self

    @model_validator(mode="after")
    def check_provider(self) -> Self:
        if self.oidc_issuer:
            missing = [name for name in ("oidc_client_id", "oidc_secret") if not getattr(self, name)]
            if missing:
                raise ValueError("|".join(missing))
        return self

    @model_validator(mode="after")
    def check_production(self) -> Self:
        if not self.is_production:
            return self
        problems = {
            "secret_key": len(self.secret_key) < 50,
            "database_url": not self.database_url.startswith(("postgres://", "postgresql://")),
            "redis_url": not self.redis_url,
            "allowed_hosts": "*" in self.allowed_hosts or "allowed_hosts" not in self.model_fields_set,
            "site_url": not self.site_url.startswith("https://"),
            "debug": self.debug,
            "oidc_issuer": self.oidc_issuer.startswith("http://"),
        }
        wrong = [name for name, is_wrong in problems.items() if is_wrong]
        if wrong:
            raise ValueError("|".join(wrong))
        return self


def _fixes(error: ValidationError) -> list[str]:
    """Name each variable that is wrong, once, with its fix."""
    names: list[str] = []
    for problem in error.errors():
        if problem["loc"]:
            names.append(str(problem["loc"][0]))
        else:
            names.extend(str(problem["ctx"]["error"]).split("|"))
    fields = Environment.model_fields
    return [f"{name.upper()}: {fields[name].description}" for name in dict.fromkeys(names)]


def read_environment() -> Environment:
    """Read and check the environment, or stop with every wrong variable and its fix."""
    try:
        return Environment()
    except ValidationError as error:
        sys.exit("The portal can't start with these settings:\n  " + "\n  ".join(_fixes(error)))
