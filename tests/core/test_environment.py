"""What stops start-up: each wrong variable by name, with its fix."""

from pathlib import Path

import pytest

from portal.environment import Environment, read_environment

PRODUCTION = {
    "PORTAL_SHAPE": "production",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgresql://portal@db.example/portal",
    "REDIS_URL": "redis://cache.example:6379/0",
    "ALLOWED_HOSTS": "portal.example.nhs.uk, www.portal.example.nhs.uk",
    "SITE_URL": "https://portal.example.nhs.uk",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def set_environment(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_at_all_is_needed_to_run_embedded() -> None:
    environment = read_environment()

    assert not environment.is_production
    assert environment.port == 8000
    assert environment.web_host == "127.0.0.1"
    assert not environment.debug


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {"PORT": "", "VAR_DIR": "", "PORTAL_SHAPE": ""})

    assert read_environment() == Environment.model_validate({})


def test_production_reads_its_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_environment(monkeypatch, {**PRODUCTION, "VAR_DIR": str(tmp_path), "WEB_HOST": "0.0.0.0"})

    environment = read_environment()

    assert environment.is_production
    assert environment.allowed_hosts == ["portal.example.nhs.uk", "www.portal.example.nhs.uk"]
    assert environment.var_dir == tmp_path
    assert environment.web_host == "0.0.0.0"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_URL"])
def test_production_stops_with_the_name_and_fix_of_what_is_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    set_environment(monkeypatch, {key: value for key, value in PRODUCTION.items() if key != name})

    with pytest.raises(SystemExit, match=f"(?m)^  {name}: Set {name}\\b"):
        read_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "sqlite:///portal.sqlite3"),
        ("REDIS_URL", "cache.example"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "http://portal.example.nhs.uk"),
        ("DEBUG", "true"),
    ],
)
def test_production_refuses_what_would_not_be_safe(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    set_environment(monkeypatch, {**PRODUCTION, name: value})

    with pytest.raises(SystemExit, match=f"(?m)^  {name}: Set {name}\\b"):
        read_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SHAPE", "staging"),
        ("SECURITY_CONTACT", "security@example.nhs.uk"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("DEBUG", "perhaps"),
        ("WEB_PROCESSES", "0"),
        ("RENDER_SLOTS", "many"),
        ("RENDER_LEASE_SECONDS", "1"),
    ],
)
def test_a_wrong_value_is_named_in_either_shape(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    set_environment(monkeypatch, {name: value})

    with pytest.raises(SystemExit, match=f"(?m)^  {name}: Set {name}\\b"):
        read_environment()


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {"PORT": "http", "WEB_PROCESSES": "0"})

    with pytest.raises(SystemExit) as stopped:
        read_environment()

    assert "PORT:" in str(stopped.value)
    assert "WEB_PROCESSES:" in str(stopped.value)


def test_every_variable_says_its_fix() -> None:
    for name, field in Environment.model_fields.items():
        assert field.description, name
        assert f"Set {name.upper()}" in field.description


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mongodb://here"),
        ("REDIS_URL", "cache.example"),
        ("SITE_URL", "portal.example"),
        ("VAR_DIR", "/proc/nowhere"),
        ("PORT", "http"),
        ("RENDER_SLOTS", "0"),
        ("S3_ENDPOINT", "s3.example"),
        ("S3_PREFIX", "../elsewhere"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_ALLOW", "everyone"),
        ("HEALTH_QUEUE_SECONDS", "1"),
    ],
)
def test_a_wrong_value_stops_the_embedded_shape_too(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    set_environment(monkeypatch, {name: value})

    with pytest.raises(SystemExit, match=f"(?m)^  {name}: Set {name}\\b"):
        read_environment()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"S3_ENDPOINT": "https://s3.example"}, "S3_BUCKET"),
        ({"S3_BUCKET": "portal", "S3_ACCESS_KEY": "a"}, "S3_SECRET_KEY"),
        ({"S3_BUCKET": "portal", "S3_SECRET_KEY": "b"}, "S3_ACCESS_KEY"),
    ],
)
def test_half_an_object_storage_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], wrong: str
) -> None:
    set_environment(monkeypatch, {**PRODUCTION, **given})

    with pytest.raises(SystemExit, match=rf"(?m)^  {wrong}: Set {wrong}\b"):
        read_environment()


def test_production_logs_json_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read_environment().logs_json
    set_environment(monkeypatch, PRODUCTION)
    assert read_environment().logs_json
    set_environment(monkeypatch, {"LOG_FORMAT": "line"})
    assert not read_environment().logs_json


@pytest.mark.parametrize("where", ["scanner.example", "scanner.example:0", "scanner.example:70000"])
def test_a_scanner_is_named_with_a_port_that_there_is(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    set_environment(monkeypatch, {"VIRUS_SCANNER": where})

    with pytest.raises(SystemExit, match="Set VIRUS_SCANNER to where clamd listens"):
        read_environment()
