"""The house of docs and design: what stands where, and which way imports go."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
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

SAFE_AS_IT_IS = {
    "portal/accounts/adapters.py",  # the squares that an authenticator app scans, drawn by the library
    "portal/briefings/twin.py",  # a pack's page, written by its template
    "portal/core/kept_pages.py",  # a page’s body or a part of it, kept as its template wrote it
    "portal/core/moulds.py",  # a template rendered once, filled with escaped bits
    "portal/core/templatetags/components.py",  # the design system's macros, which escape; JSON-LD without < > &
}
NAMES_WORKED_OUT = {
    "portal/adoption/finding.py",  # columns of the classes beside it
    "portal/adoption/kept.py",  # columns of the model beside it
    "portal/benefits/ledgers.py",  # theme, strand and kind, by names that stand beside it
    "portal/core/api/pages.py",  # the orders that a list of the API declares
    "portal/core/api/views.py",  # the field that a view of the API is asked by
    "portal/core/personal.py",  # where a room keeps a person, named there
    "portal/core/prepared.py",  # the pointers that models declare
    "portal/editing/boards.py",  # who asked or where it waits, by names of its callers here
    "portal/editing/trail_page.py",  # the filters declared above it
    "portal/evidence/checks.py",  # url or doi
    "portal/exchange/imports/checking.py",  # which rows, written where they are asked for
    "portal/exchange/imports/undoing.py",  # what may cite a source, declared above it
    "portal/exchange/records_api.py",  # what makes an event the same, named there
}
QUERIES = {"filter", "exclude", "get", "order_by", "annotate", "aggregate", "alias", "values", "values_list"}
LICENCES = {"MIT", "0BSD", "MPL-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}


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


# What is attacked most


def _sources(checkout: Path, ending: str) -> Iterator[tuple[str, str]]:
    for room in ("portal", "innovations", "casestudies", "templates"):
        for path in sorted((checkout / room).rglob(f"*{ending}")):
            yield str(path.relative_to(checkout)), path.read_text()


def test_no_template_takes_a_text_for_markup(checkout: Path) -> None:
    said = re.compile(r"\|\s*safe\b|\bsafeseq\b|autoescape\s+(off|false)", re.IGNORECASE)
    assert [name for name, text in _sources(checkout, ".html") if said.search(text)] == []


def test_only_what_our_templates_wrote_is_taken_for_markup(checkout: Path) -> None:
    made = re.compile(r"\b(SafeString|SafeText|mark_safe)\(|\bformat_html\((f[\"']|[\"'][^\"']*[\"']\s*[)%+])")
    assert {name for name, text in _sources(checkout, ".py") if made.search(text)} == SAFE_AS_IT_IS


def test_no_name_of_a_query_comes_from_outside(checkout: Path) -> None:
    """`**` and `*` in a query's arguments take names from data, so each place is looked at; SQL has no other door."""
    found, raw = set(), set()
    for name, text in _sources(checkout, ".py"):
        if "/migrations/" in name:
            continue
        for call in ast.walk(ast.parse(text)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr in ("extra", "raw"):
                raw.add(name)
            if call.func.attr in QUERIES and any(not _is_constant(part) for part in _spread(call)):
                found.add(name)
    assert raw == set()
    assert found == NAMES_WORKED_OUT


def _spread(call: ast.Call) -> list[ast.expr]:
    starred = [part.value for part in call.args if isinstance(part, ast.Starred)]
    return starred + [word.value for word in call.keywords if word.arg is None]


def _is_constant(part: ast.expr) -> bool:
    return isinstance(part, ast.Name) and part.id.isupper()


def test_node_packages_come_under_licences_that_are_allowed(checkout: Path) -> None:
    """Those of Python are checked by pip-licenses."""
    packages = json.loads((checkout / "package-lock.json").read_text())["packages"]
    assert {one["license"] for name, one in packages.items() if name} <= LICENCES
