"""What deploy/ ships speaks of variables, paths and ports that the code knows."""

import re
from pathlib import Path

import yaml

from portal.environment import Environment

KNOWN = {name.upper() for name in Environment.model_fields}
OF_COMPOSE = {"COMPOSE_PROJECT_NAME", "PORTAL_IMAGE", "PORTAL_NAME", "POSTGRES_PASSWORD"}
OF_PYTHON = {"PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE", "XDG_CACHE_HOME", "PATH"}
OURS = {"DEBUG", "PORTAL_PART"}
"""For whoever works on the code, or set by the code itself."""


def test_the_page_of_settings_names_each_there_is(checkout: Path) -> None:
    rows = re.findall(r"^\| `[A-Z].*$", (checkout / "docs" / "running.md").read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)(?:=\w+)?`", row)}
    assert named == KNOWN - OURS


def test_what_compose_hands_over_is_read(checkout: Path) -> None:
    deploy = checkout / "deploy"
    example = set(re.findall(r"^([A-Z0-9_]+)=", (deploy / ".env.example").read_text(), re.MULTILINE))
    assert example <= KNOWN | OF_COMPOSE
    services = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
    for part in ("release", "web", "worker"):
        assert set(services[part]["environment"]) <= KNOWN
        assert services[part]["env_file"] == [".env"]
    wanted = set(re.findall(r"\$\{([A-Z0-9_]+)", (deploy / "compose.yaml").read_text()))
    assert wanted <= example
    assert f"EXPOSE {services['web']['environment']['PORT']}" in (deploy / "Containerfile").read_text()


def test_the_server_of_compose_is_none_that_the_images_pg_dump_refuses(checkout: Path) -> None:
    """Debian 12 has version 15 of the client."""
    compose = yaml.safe_load((checkout / "deploy" / "compose.yaml").read_text())
    assert "FROM debian:12" in (checkout / "deploy" / "Containerfile").read_text()
    assert int(compose["services"]["postgresql"]["image"].rpartition(":")[2]) <= 15


def test_units_and_container_set_what_is_read(checkout: Path) -> None:
    units = [path.read_text() for path in (checkout / "deploy" / "systemd").glob("*.service")]
    for text in (*units, (checkout / "deploy" / "Containerfile").read_text()):
        lines = re.findall(r"^(?:Environment=|ENV )((?:.*\\\n)*.*)$", text, re.MULTILINE)
        names = {name for line in lines for name in re.findall(r"([A-Z0-9_]+)=", line)}
        assert names
        assert names <= KNOWN | OF_PYTHON
