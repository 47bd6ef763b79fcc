"""The house of docs and design: what stands where, and which way imports go."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

HOUSE = {"portal", "innovations", "casestudies", "templates", "tests", "manage.py", "README.md"}
WHAT_EVERY_PROJECT_HAS = {
    *("pyproject.toml", "package.json", "package-lock.json", "requirements"),
    *("bin", "docs", "bench", "deploy", "CHANGELOG.md", "LICENSE"),
}
MADE_BY_TOOLS = {"node_modules", "var", "__pycache__", "htmlcov"}
PYTHON_PACKAGES = {"portal", "innovations", "casestudies"}


def visible_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_the_top_level_holds_the_house_and_nothing_else(checkout: Path) -> None:
    assert visible_names(checkout) - WHAT_EVERY_PROJECT_HAS - MADE_BY_TOOLS == HOUSE


def test_there_is_no_other_python_package_at_the_top(checkout: Path) -> None:
    packages = {path.parent.name for path in checkout.glob("*/__init__.py")}

    assert packages - {"tests"} == PYTHON_PACKAGES


def test_innovations_and_case_studies_look_alike_file_for_file(checkout: Path) -> None:
    def files(app: str) -> set[str]:
        paths = (path.relative_to(checkout / app) for path in (checkout / app).rglob("*.py"))
        return {str(path) for path in paths if "migrations" not in path.parts}

    assert files("innovations") == files("casestudies")


@pytest.mark.slow
def test_imports_go_one_way(checkout: Path) -> None:
    lint = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"

    result = subprocess.run([sys.executable, "-c", lint], cwd=checkout, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_imports_are_linted_without_exceptions(checkout: Path) -> None:
    assert "ignore_imports" not in (checkout / "pyproject.toml").read_text()


@pytest.mark.slow
@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
