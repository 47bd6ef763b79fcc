"""The screens of imports: an editor's way through them, and what others are refused."""

import io
import re
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import Entry
from portal.exchange.imports import making
from portal.exchange.imports.reading import limits
from portal.exchange.models import ImportBatch, ImportRow
from tests.exchange.imports_scene import lines, read_here, upload
from tests.factories import InnovationFactory, NetworkRoleFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db

ROWS = [
    ["Address", "Title", "Themes"],
    ["rota", "Night rota", ""],
    ["bad", "=Bad", "none such"],
    ["rota-2", "Night Rota", ""],
]


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


@pytest.fixture
def browser(editor: Any) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def file_of(*rows: list[str], name: str = "innovations.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, lines(*rows).encode())


def words_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def test_an_editor_uploads_looks_applies_and_undoes(browser: Client, network: Any, editor: Any) -> None:
    answer = browser.post(reverse("imports:upload"), {"network": "hin-1", "file": file_of(*ROWS)})
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == batch.get_absolute_url()
    waiting = browser.get(batch.get_absolute_url())
    assert "Being read: it waits for its turn." in words_of(waiting)
    assert browser.get(batch.get_absolute_url() + "?part=progress").json()["is_working"] is True

    making.do_due_imports()
    page = words_of(browser.get(batch.get_absolute_url()))
    for words in (
        "Wrong: 1",
        "New: 1",
        "Duplicate?: 1",
        "There is no theme “none such”.",
        "Row 2 of this file has the same name",
    ):
        assert words in page
    assert "Night rota" in words_of(browser.get(f"{batch.get_absolute_url()}?rows=new"))
    problems = words_of(browser.get(reverse("imports:problems", args=[batch.pk])))
    assert problems.splitlines()[1].startswith("innovations.csv,3,Themes,none such,There is no theme “none such”.")

    browser.post(reverse("imports:apply", args=[batch.pk]), {})
    making.do_due_imports()
    page = words_of(browser.get(batch.get_absolute_url()))
    assert "Receipt" in page
    assert reverse("editing:compare", args=[Entry.objects.get().pk]) in page

    browser.post(reverse("imports:undo", args=[batch.pk]))
    making.do_due_imports()
    assert "Undone on" in words_of(browser.get(batch.get_absolute_url()))
    assert not Entry.objects.exists()


def test_the_receipt_says_what_undoing_made_of_each_draft(browser: Client, network: Any, editor: Any) -> None:
    for slug in ("changed", "locked"):
        InnovationFactory(slug=slug, title=slug.title(), owner_network=network, published=True)
    rows = [["Address", "Title"], ["changed", "Better"], ["locked", "Worse"], ["new", "New"]]
    batch = upload(lines(*rows), network=network, by=editor)
    browser.post(reverse("imports:apply", args=[batch.pk]), {})
    making.do_due_imports()
    Entry.objects.filter(slug="locked").update(locked=True)
    browser.post(reverse("imports:undo", args=[batch.pk]))
    making.do_due_imports()
    page = words_of(browser.get(batch.get_absolute_url()))
    told = re.findall(r'<li class="editing-list__item">(?:<a [^>]*>)?(\w+)(?:</a>)?<span[^>]*>([^<]+)</span>', page)
    assert told == [("Better", "Put back"), ("Worse", "Stays"), ("New", "Removed")]


def test_a_duplicate_is_applied_when_its_box_is_ticked(browser: Client, network: Any, editor: Any) -> None:
    batch = upload(lines(*ROWS), network=network, by=editor)
    browser.post(
        reverse("imports:apply", args=[batch.pk]), {"duplicate": [str(batch.rows.get(state="duplicate").pk), "x"]}
    )
    making.do_due_imports()
    assert set(Entry.objects.values_list("slug", flat=True)) == {"rota", "rota-2"}


def test_headings_are_matched_on_the_page(browser: Client, network: Any, editor: Any) -> None:
    batch = upload(lines(["Our name", "Ref"], ["Night rota", "7"]), network=network, by=editor, name="returns.csv")
    address = reverse("imports:columns", args=[batch.pk])
    browser.post(address, {"propose": "0", "table-0": "innovations"})
    assert "Our name" in words_of(browser.get(batch.get_absolute_url()))
    answer = browser.post(address, {"table-0": "innovations", "column-0-0": "summary", "column-0-1": ""})
    assert answer.status_code == 400
    assert "Say which heading holds the address or the title" in words_of(answer)
    browser.post(address, {"table-0": "innovations", "column-0-0": "title", "column-0-1": "nonsense"})
    making.do_due_imports()
    assert batch.rows.get().state == "new"


def test_a_file_of_200_mb_is_not_kept_and_the_reason_is_said(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 100_000)
    by_line = Mock(return_value=b"")
    monkeypatch.setattr(WSGIRequest, "readline", by_line)
    large = SimpleUploadedFile("large.csv", b"x\n" * 200_000)
    answer = browser.post(reverse("imports:upload"), {"network": "hin-1", "file": large})
    assert answer.wsgi_request.read() == b"", "read in blocks: line by line it would take minutes"
    assert answer.status_code == 400
    assert "The file is larger than" in words_of(answer)
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"network": "hin-1"}, "Choose a file."),
        ({"network": "other", "file": SimpleUploadedFile("a.csv", b"x")}, "Select a valid choice"),
        ({"network": "hin-1", "file": SimpleUploadedFile("a.pdf", b"x")}, "Upload an Excel workbook"),
        ({"network": "hin-1", "file": SimpleUploadedFile("a.csv", b"")}, "The file is empty."),
    ],
)
def test_a_form_that_is_wrong_says_why(browser: Client, form: dict[str, Any], reason: str) -> None:
    answer = browser.post(reverse("imports:upload"), form)
    assert (answer.status_code, reason in words_of(answer)) == (400, True)


def test_an_upload_from_another_site_is_refused(editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = client.post(reverse("imports:upload"), {"network": "hin-1", "file": file_of(*ROWS)})
    assert answer.status_code == 403
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "reader", "other network"])
def test_others_get_nothing_of_a_batch_and_change_nothing(who: str, network: Any, editor: Any) -> None:
    InnovationFactory(title="Quokka", owner_network=network)
    batch = upload(lines(["Address", "Title"], ["q", "Quokka too"]), network=network, by=editor)
    client = Client()
    if who != "nobody":
        client.force_login(UserFactory() if who == "reader" else NetworkRoleFactory(role="reviewer").user)
    for name in ("batch", "problems"):
        assert "uokka" not in words_of(client.get(reverse(f"imports:{name}", args=[batch.pk])))
    for name in ("apply", "undo", "put_aside", "columns"):
        assert client.post(reverse(f"imports:{name}", args=[batch.pk])).status_code == 403
    for address in (reverse("imports:rows"), reverse("imports:rows_table", args=["innovations"])):
        answer = client.get(f"{address}?network=hin-1")
        assert answer.status_code in (302, 403)
    assert "uokka" not in words_of(client.get(reverse("imports:list")))
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_the_template_offers_every_allowed_value(browser: Client) -> None:
    ThemeFactory(name="Connected banks")
    book: Any = openpyxl.load_workbook(io.BytesIO(browser.get(reverse("imports:template")).content))
    assert book.sheetnames == [
        "How to fill in", "Innovations", "Case studies", "Evidence", "Figures", "Participants", "What was learned",
        "Claims without a source", "Adoption", "Lists",
    ]  # fmt: skip
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Lists"].columns}
    assert lists["Themes"] == ["Connected banks"]
    assert lists["Basis"] == ["Observed", "Modelled", "Basis not stated"]
    offered = {
        str(rule.sqref): rule.formula1
        for rule in book["Figures"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert offered["L2:L5001"].startswith("Lists!$")
    columns = [cell.value for cell in book["Figures"][1]]
    assert columns.index("Basis") == 11, "the column that offers it"
    answer = browser.get(reverse("imports:template_table", args=["adoption"]))
    assert words_of(answer).lstrip("\ufeff").startswith("Entry,Organisation,Stage,When,")


def test_an_editor_s_own_rows_come_as_a_file_with_no_formula_in_it(browser: Client, network: Any) -> None:
    InnovationFactory(title="=HYPERLINK(1)", slug="evil", owner_network=network)
    text = words_of(browser.get(reverse("imports:rows_table", args=["innovations"]) + "?network=hin-1"))
    assert "evil,'=HYPERLINK(1)," in text
    book = openpyxl.load_workbook(io.BytesIO(browser.get(reverse("imports:rows") + "?network=hin-1").content))
    cell = book["Innovations"]["B2"]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_batch_costs_the_same_for_one_row_as_for_twenty(
    browser: Client, network: Any, editor: Any, how_many: int, django_assert_num_queries: Any
) -> None:
    rows = [[f"rota-{number}", f"Rota {number}", ""] for number in range(how_many)]
    batch = upload(lines(ROWS[0], *rows), network=network, by=editor)
    assert ImportRow.objects.count() == how_many
    browser.get(batch.get_absolute_url())
    with django_assert_num_queries(12):
        browser.get(batch.get_absolute_url())
