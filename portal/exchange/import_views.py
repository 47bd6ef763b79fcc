"""The screens of imports on the editing site."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action
from portal.benefits.models import Basis
from portal.catalogue.models import Entry
from portal.core.csv_lines import csv_lines
from portal.core.formatting import format_number
from portal.core.keys import keys_in
from portal.core.paging import list_page
from portal.core.workbooks import WORKBOOK
from portal.editing.gate import refused
from portal.exchange.imports import services, writing
from portal.exchange.imports.known import Known
from portal.exchange.imports.services import ImportRefused, batches_of, may_in, networks_for
from portal.exchange.imports.tables import BY_KEY, TABLES
from portal.exchange.imports.uploads import AtMost
from portal.exchange.models import ImportBatch, ImportedChange, ImportRow
from portal.organisations.models import Organisation

State = ImportBatch.State
PER_PAGE = 50
MOST_CHOSEN = 200
PROBLEM_COLUMNS = ("sheet", "row", "column", "value", "problem", "fix")


class UploadForm(forms.Form):
    """A file, and for whom."""

    network = forms.ModelChoiceField(
        Organisation.objects.none(), label="Network", to_field_name="code", help_text="Its people alone see the drafts."
    )
    file = forms.FileField(
        label="File",
        help_text="An Excel workbook (.xlsx) or a CSV file in UTF-8, up to 20 MB.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Fill in our template and upload that.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, networks: Iterable[Organisation], **more: Any) -> None:
        super().__init__(*args, **more)
        keys = [network.pk for network in networks]
        field: Any = self.fields["network"]
        field.queryset = Organisation.objects.filter(pk__in=keys)
        if len(keys) == 1:
            field.initial = field.queryset.first()


@require_admin_access
@require_safe
def show_imports(request: HttpRequest) -> HttpResponse:
    return _imports(request, UploadForm(networks=networks_for(request.user, Action.ADD)))


def _imports(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    shown = {
        "page": list_page(batches_of(request.user), request.GET, per_page=PER_PAGE),
        "form": form,
        "tables": TABLES,
        "networks": networks_for(request.user, Action.VIEW),
    }
    return render(request, "exchange/imports.html", shown, status=status)


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in. What is too large is not kept, so that has to be said before anything reads the form."""
    handler = AtMost(request)
    request.upload_handlers.insert(0, handler)
    request._import_upload = handler  # type: ignore[attr-defined]
    answer: HttpResponse = _upload(request)
    return answer


@csrf_protect
@require_admin_access
@require_POST
def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, networks=networks_for(request.user, Action.ADD))
    if request._import_upload.is_too_large:  # type: ignore[attr-defined]
        form.full_clean()
        form.errors.pop("file", None)
        form.add_error("file", services.too_large())
    if not form.is_valid():
        return _imports(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        batch = services.begin_import(
            name=file.name, content=file.read(), network=form.cleaned_data["network"], by=request.user
        )
    except ImportRefused as reason:
        form.add_error("file", str(reason))
        return _imports(request, form, status=400)
    return redirect("imports:batch", batch=batch.pk)


BatchView = Callable[[HttpRequest, ImportBatch], HttpResponseBase]


def _of_batch(view: BatchView) -> Callable[..., HttpResponseBase]:
    """Ask for the batch among those that the person may see; what isn't there is refused alike."""

    @require_admin_access
    @wraps(view)
    def ask_first(request: HttpRequest, batch: int) -> HttpResponseBase:
        found = batches_of(request.user).filter(pk=batch).first()
        return refused(request) if found is None else view(request, found)

    return ask_first


@_of_batch
@require_safe
def show_batch(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if request.GET.get("part") == "progress":
        return JsonResponse({"is_working": batch.is_working, "text": progress_text(batch)})
    return _batch(request, batch)


def progress_text(batch: ImportBatch) -> str:
    """Say how far a batch is, in a few words."""
    if not batch.is_working:
        return batch.get_state_display()
    if batch.lease is None:
        return f"{batch.get_state_display()}: it waits for its turn."
    rows = (
        f"{format_number(batch.done)} of {format_number(batch.total)} rows"
        if batch.total
        else f"{format_number(batch.done)} rows"
    )
    return f"{batch.get_state_display()}: {rows}."


def _batch(request: HttpRequest, batch: ImportBatch, *, problem: str = "", status: int = 200) -> HttpResponse:
    counts = dict(batch.rows.order_by().values_list("state").annotate(Count("pk")))
    shown = request.GET.get("rows", "")
    wanted = shown if shown in counts and shown else next((state for state in ORDER if counts.get(state)), "")
    rows = batch.rows.filter(state=wanted) if wanted else batch.rows.none()
    duplicates = batch.rows.filter(state=ImportRow.State.DUPLICATE)
    told = {
        "batch": batch,
        "problem": problem,
        "progress": progress_text(batch),
        "counts": [(state, ImportRow.State(state).label, counts[state]) for state in ORDER if counts.get(state)],
        "good": counts.get("new", 0) + counts.get("changed", 0),
        "wrong": counts.get("wrong", 0),
        "duplicates": list(duplicates[:MOST_CHOSEN]) if batch.state == State.CHECKED else [],
        "duplicate_count": counts.get("duplicate", 0),
        "wanted": wanted,
        "wanted_label": ImportRow.State(wanted).label if wanted else "",
        "page": list_page(rows, request.GET, per_page=PER_PAGE),
        "sheets": _sheets(batch),
        "tables": TABLES,
        "may_apply": may_in(request.user, Action.ADD, batch.network),
        "may_undo": batch.can_be_undone and may_in(request.user, Action.DELETE, batch.network),
        **_receipt(batch),
    }
    for row in told["page"].rows:
        row.sheet_name = batch.sheets[row.sheet]["name"]
    for row in told["duplicates"]:
        row.sheet_name = batch.sheets[row.sheet]["name"]
    return render(request, "exchange/batch.html", told, status=status)


ORDER = ("wrong", "duplicate", "new", "changed", "unchanged")


def _sheets(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the sheets with what may be chosen for each heading, while that is asked."""
    if batch.state != State.COLUMNS:
        return []
    sheets = []
    for place, sheet in enumerate(batch.sheets):
        table = BY_KEY.get(sheet["table"])
        headings = list(zip(sheet["headings"], sheet["columns"], strict=False))
        sheets.append({**sheet, "place": place, "model": table, "matches": list(enumerate(headings))})
    return sheets


def _receipt(batch: ImportBatch) -> dict[str, Any]:
    """Return what was done, as lines: how many of what, totals, and what undoing would leave or left."""
    if batch.state not in (State.APPLIED, State.UNDOING, State.UNDONE):
        return {}
    lines = []
    for name, number in batch.receipt.get("rows", {}).items():
        key, state = name.split()
        lines.append((BY_KEY[key].sheet, ImportRow.State(state).label, number))
    changes = batch.changes.filter(what=ImportedChange.What.ENTRY)
    kept = list(batch.changes.exclude(kept_because="")[:MOST_CHOSEN])
    entries = list(changes[:MOST_CHOSEN])
    there = set(Entry.objects.filter(pk__in=[change.key for change in entries]).values_list("pk", flat=True))
    return {
        "receipt_lines": sorted(lines),
        "totals": [{**row, "basis_text": Basis(row["basis"]).label.lower()} for row in batch.receipt.get("totals", [])],
        "entries": entries,
        "there": there,
        "entry_count": changes.count(),
        "kept": kept,
    }


def _step(work: Callable[[HttpRequest, ImportBatch], str]) -> Callable[..., HttpResponseBase]:
    """Return a view that does one thing to a batch and says what comes of it."""

    @_of_batch
    @require_POST
    def take(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        try:
            text = work(request, batch)
        except ImportRefused as reason:
            batch.refresh_from_db()
            return _batch(request, batch, problem=str(reason), status=400)
        if text:
            messages.success(request, text)
        gone = not ImportBatch.objects.filter(pk=batch.pk).exists()
        return redirect("imports:list") if gone else redirect("imports:batch", batch=batch.pk)

    return take


def _match(request: HttpRequest, batch: ImportBatch) -> str:
    chosen = request.POST.get("propose", "")
    if chosen.isdecimal() and len(chosen) < 3:
        sheet = int(chosen)
        services.choose_table(batch=batch, sheet=sheet, table=request.POST.get(f"table-{sheet}", ""), by=request.user)
        return ""
    matches = {
        place: (
            request.POST.get(f"table-{place}", ""),
            [request.POST.get(f"column-{place}-{number}", "") for number in range(len(sheet["headings"]))],
        )
        for place, sheet in enumerate(batch.sheets)
    }
    services.match_columns(batch=batch, matches=matches, by=request.user)
    return "Matched, and remembered for your network’s next file."


def _apply(request: HttpRequest, batch: ImportBatch) -> str:
    services.ask_to_apply(
        batch=batch,
        duplicates=keys_in(request.POST.getlist("duplicate")),
        all_duplicates=bool(request.POST.get("all_duplicates")),
        by=request.user,
    )
    return ""


def _undo(request: HttpRequest, batch: ImportBatch) -> str:
    services.ask_to_undo(batch=batch, by=request.user)
    return ""


def _put_aside(request: HttpRequest, batch: ImportBatch) -> str:
    services.put_aside(batch=batch, by=request.user)
    return "Put aside. It had changed nothing."


match = _step(_match)
apply = _step(_apply)
undo = _step(_undo)
put_aside = _step(_put_aside)


@_of_batch
@require_safe
def problems_file(request: HttpRequest, batch: ImportBatch) -> StreamingHttpResponse:
    """Hand out every problem of a batch: row, column, value and fix."""
    wrong = batch.rows.filter(state=ImportRow.State.WRONG).iterator(chunk_size=500)
    rows = (
        [batch.sheets[row.sheet]["name"], row.number, item["column"], item["value"], item["problem"], item["fix"]]
        for row in wrong
        for item in row.problems
    )
    return _csv(csv_lines(PROBLEM_COLUMNS, rows), f"import-{batch.pk}-problems")


@require_admin_access
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    return _workbook(writing.workbook_of((), Known(request.user)), "import-template")


@require_admin_access
@require_safe
def template_table(request: HttpRequest, table: str) -> HttpResponseBase:
    if table not in BY_KEY:
        raise Http404
    return _csv(writing.csv_of(BY_KEY[table], ()), f"{table}-template")


def _network(request: HttpRequest) -> Organisation | None:
    code = request.GET.get("network", "")
    return next((row for row in networks_for(request.user, Action.VIEW) if row.code == code), None)


@require_admin_access
@require_safe
def rows_file(request: HttpRequest) -> HttpResponse:
    """Hand out a network's own rows, drafts as they are now, ready to be imported again."""
    network = _network(request)
    if network is None:
        return refused(request)
    rows = writing.rows_of(network, request.user)
    return _workbook(writing.workbook_of(rows, Known(request.user)), f"{slugify(network.display_name)}-rows")


@require_admin_access
@require_safe
def rows_table(request: HttpRequest, table: str) -> HttpResponseBase:
    network = _network(request)
    if network is None or table not in BY_KEY:
        return refused(request)
    rows = writing.rows_of(network, request.user)
    return _csv(writing.csv_of(BY_KEY[table], rows), f"{slugify(network.display_name)}-{table}")


def _csv(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _as_file(answer, f"{name}.csv")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return _as_file(HttpResponse(content, content_type=WORKBOOK), f"{name}.xlsx")


def _as_file(answer: Any, name: str) -> Any:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
