"""The entry's form as people post it: drafts kept, clashes and mistakes told beside the field."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.accounts.keys import make_key, person_behind
from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing import services
from portal.editing.attachments import LARGEST
from portal.editing.forms import ADDRESS_TAKEN, NOT_A_NUMBER
from portal.editing.viewsets import AddView
from portal.evidence.models import Evidence
from tests.editing.conftest import SECRET, Networks, change_draft
from tests.factories import EvidenceFactory, InnovationFactory, MeasureFactory, cite

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NO_CHILDREN = {name: inline_formset([]) for name in ("other_names", "figures", "evidence_links", "claims")}


def figure_row(**fields: Any) -> dict[str, Any]:
    """Return what the form sends of a figure."""
    usual = {
        "label": "Hours released",
        "value": "1250",
        "qualifier": "exact",
        "role": "benefit",
        "basis": "observed",
        "achievement": "achieved",
        "period_kind": "not_stated",
        "place_not_stated": "on",
    }
    return usual | fields


def posted(**fields: Any) -> dict[str, Any]:
    usual = {"title": "Ward huddles", "slug": "ward-huddles", "summary": "Short meetings.", **NO_CHILDREN}
    lists = {name: fields.pop(name) for name in list(fields) if isinstance(fields[name], list)}
    return nested_form_data(usual | fields) | lists


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def told_in(answer: Any) -> str:
    return answer.content.decode()


def test_a_new_entry_is_a_draft_of_its_network(client: Client, networks: Networks) -> None:
    source, measure = EvidenceFactory(), MeasureFactory()
    rows = inline_formset([figure_row(measure=measure.pk, evidence=source.pk)])
    answer = client.post(
        reverse("innovation:add"), posted(owner_network=networks.own.pk, figures=rows, title="Ward huddles")
    )
    entry = Innovation.objects.get(slug="ward-huddles")
    assert answer.status_code == 302
    assert (entry.live, entry.owner_network) == (False, networks.own)
    figure = services.draft_of(entry).figures.get()
    assert (figure.key, figure.measure, figure.place_not_stated) == ("hours-released", measure, True)


@pytest.mark.parametrize("is_new", [True, False])
def test_not_even_a_draft_is_without_a_title(client: Client, entry: Entry, is_new: bool) -> None:
    if is_new:
        answer = client.post(reverse("innovation:add"), posted(title="", owner_network=entry.owner_network_id))
    else:
        answer = edit(client, entry, title="")
    assert answer.context["form"].errors == {"title": ["This field is required."]}
    assert 'id="panel-child-what_it_is-child-title-errors"' in told_in(answer)


def test_only_ones_own_networks_are_offered(client: Client, networks: Networks) -> None:
    answer = client.post(reverse("innovation:add"), posted(owner_network=networks.other.pk))
    assert "Select a valid choice" in told_in(answer)
    assert not Innovation.objects.filter(slug="ward-huddles").exists()


def test_an_address_that_an_entry_of_either_kind_has_is_refused(client: Client, networks: Networks) -> None:
    InnovationFactory(slug="ward-huddles")
    answer = client.post(reverse("innovation:add"), posted(owner_network=networks.own.pk))
    assert "Another entry has this address" in told_in(answer)


def test_an_address_taken_while_the_form_was_checked_is_refused_beside_it(
    client: Client, networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two saves at once both find the address free; the database lets one of them write."""
    check = AddView.is_valid

    def check_then_lose_the_race(view: AddView, form: Any) -> bool:
        found = bool(check(view, form))
        InnovationFactory(slug="ward-huddles")
        return found

    monkeypatch.setattr(AddView, "is_valid", check_then_lose_the_race)
    answer = client.post(reverse("innovation:add"), posted(owner_network=networks.own.pk, summary="Kept words."))
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"slug": [ADDRESS_TAKEN]}
    assert ADDRESS_TAKEN in told_in(answer)
    assert "Kept words." in told_in(answer)
    assert Innovation.objects.get().title != "Ward huddles"


def test_only_what_was_saved_by_hand_once_saves_itself(client: Client, entry: Entry) -> None:
    assert "data-w-autosave-interval" not in told_in(client.get(reverse("innovation:add")))
    assert "data-w-autosave-interval" in told_in(client.get(reverse("innovation:edit", args=[entry.pk])))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"value": "about ten"}, NOT_A_NUMBER),
        ({"value": "9" * 40}, "no more than"),
        ({"value": "NaN"}, NOT_A_NUMBER),
        ({"value": "1e400"}, "no more than"),
        ({"value": "12,000"}, NOT_A_NUMBER),
        ({"value": "12.000,5"}, NOT_A_NUMBER),
        ({"place": "no-such-place"}, "is not one of the available choices"),
        ({"place": "9" * 40}, "is not one of the available choices"),
        ({"measure": "9" * 40}, "is not one of the available choices"),
        ({"period_start": "31/02/2022"}, "Enter a valid date."),
        ({"basis": "guessed"}, "is not one of the available choices"),
        (
            {"period_kind": "during", "period_start": "2024-04-01", "period_end": "2023-03-31"},
            "The period must not end before it starts.",
        ),
        ({"period_kind": "during"}, "A period has a start and an end"),
        ({"low": "2000", "high": "3000"}, "The value must lie between low and high."),
        ({"attribution_share": "1.5"}, "The attribution share lies between 0 and 1."),
        ({"period_start": "99999-01-01"}, "Enter a valid date."),
    ],
)
def test_an_impossible_figure_is_told_and_the_rest_is_kept(
    client: Client, networks: Networks, wrong: dict[str, str], told: str
) -> None:
    chosen = {"measure": MeasureFactory().pk, "evidence": EvidenceFactory().pk}
    rows = inline_formset([figure_row(**chosen | wrong)])
    answer = client.post(
        reverse("innovation:add"), posted(owner_network=networks.own.pk, figures=rows, summary="Kept words.")
    )
    assert told in told_in(answer)
    assert "Kept words." in told_in(answer)
    assert not Innovation.objects.filter(slug="ward-huddles").exists()
    (row,) = answer.context["form"].formsets["figures"].forms
    assert told in str([messages for field, messages in row.errors.items() if field in row.fields])
    assert all(f'value="{typed}"' in told_in(answer) for name, typed in wrong.items() if name == "value")


@pytest.mark.parametrize("name", ["themes", "lead_organisations", "places"])
@pytest.mark.parametrize("choice", ["9" * 40, "x", "-1"])
def test_an_impossible_choice_is_told_beside_its_list(client: Client, entry: Entry, name: str, choice: str) -> None:
    answer = edit(client, entry, **{name: [choice]}, summary="Kept words.")
    assert set(answer.context["form"].errors) == {name}
    assert "Kept words." in told_in(answer)


def edit(client: Client, entry: Entry, **fields: Any) -> Any:
    rows = [{"id": row.pk, **_as_posted(row)} for row in services.draft_of(entry).figures.all()]
    data = {"title": entry.title, "figures": inline_formset(rows, initial=len(rows)), **fields}
    data.setdefault("where_it_may_not_work", "Where nobody works nights.")
    data.setdefault("themes", [theme.pk for theme in entry.themes.all()])
    return client.post(reverse("innovation:edit", args=[entry.pk]), posted(**data))


def _as_posted(figure: Any) -> dict[str, Any]:
    dates = {"period_start": figure.period_start.isoformat(), "period_end": figure.period_end.isoformat()}
    ids = {"measure": figure.measure_id, "evidence": figure.evidence_id}
    return figure_row(label=figure.label, value=str(figure.value), period_kind="during", **dates, **ids)


def latest(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


def test_a_change_waits_as_a_draft_and_keeps_owner_and_address(
    client: Client, entry: Entry, networks: Networks
) -> None:
    answer = edit(client, entry, summary="Another summary.", slug="elsewhere", owner_network=networks.other.pk)
    assert answer.status_code == 302
    entry = latest(entry)
    draft = services.draft_of(entry)
    assert (draft.summary, draft.slug, draft.owner_network) == ("Another summary.", entry.slug, networks.own)
    assert "Another summary." not in entry.summary


def test_who_may_not_change_an_entry_is_told_before_typing(networks: Networks, entry: Entry) -> None:
    client = Client()
    client.force_login(networks.person("contributor"))
    answer = client.get(reverse("innovation:edit", args=[entry.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("editing:compare", args=[entry.pk]), 302)]
    assert "Your role does not change what is published." in answer.content.decode()
    assert "Edit the draft" not in answer.content.decode()


def test_a_form_opened_before_somebody_elses_save_does_not_overwrite_it(
    client: Client, entry: Entry, reviewer: User
) -> None:
    opened = entry.latest_revision
    change_draft(entry, by=reviewer, summary="Saved by the reviewer.")
    answer = edit(
        client,
        entry,
        summary="Mine, from before.",
        loaded_revision_id=opened.pk,
        loaded_revision_created_at=opened.created_at.isoformat(),
    )
    assert answer.status_code == 409
    assert "Somebody saved this draft after you opened it" in told_in(answer)
    assert "Mine, from before." in told_in(answer)
    (change,) = [one for one in answer.context["clash"] if getattr(one, "field", "") == "summary"]
    assert "".join(piece.text for piece in change.before) == "Saved by the reviewer."
    assert "".join(piece.text for piece in change.after) == "Mine, from before."
    assert "What was saved, and what you have" in told_in(answer)
    assert "data-w-autosave-interval" not in told_in(answer)
    assert services.draft_of(latest(entry)).summary == "Saved by the reviewer."
    seen = latest(entry).latest_revision
    when = seen.created_at.isoformat()
    edit(client, entry, summary="Mine, knowingly.", loaded_revision_id=seen.pk, loaded_revision_created_at=when)
    assert services.draft_of(latest(entry)).summary == "Mine, knowingly."


def test_whoever_has_the_form_open_is_told_truly_of_another_save(client: Client, entry: Entry, reviewer: User) -> None:
    sessions = client.get(reverse("innovation:edit", args=[entry.pk])).context["editing_sessions"]
    change_draft(entry, by=reviewer, summary="Theirs.")
    others = Client()
    others.force_login(reviewer)
    others.get(reverse("innovation:edit", args=[entry.pk]))
    opened = {"revision_id": sessions.revision_id, "revision_created_at": sessions.revision_created_at}
    told = client.post(sessions.ping_url, opened).json()["html"]
    assert "rita saved a new version" in told
    assert told.index("Proceeding will overwrite") < told.index("Nothing is overwritten: you see both")
    address, saves_itself = reverse("innovation:edit", args=[entry.pk]), {"Accept": "application/json"}
    stale = {"loaded_revision_id": sessions.revision_id, "loaded_revision_created_at": sessions.revision_created_at}
    refused = client.post(address, posted(title="Mine") | stale, headers=saves_itself)
    assert refused.json()["error_message"] == "Somebody saved this draft after you opened it. Save yours to see both."


def test_what_the_form_saved_by_itself_is_no_clash(client: Client, entry: Entry, editor: User) -> None:
    opened = entry.latest_revision
    change_draft(entry, by=editor, summary="Saved by itself.")
    when = opened.created_at.isoformat()
    edit(client, entry, summary="Saved by hand.", loaded_revision_id=opened.pk, loaded_revision_created_at=when)
    assert services.draft_of(latest(entry)).summary == "Saved by hand."


def test_what_ones_own_system_saved_meanwhile_is_a_clash(
    client: Client, entry: Entry, editor: User, networks: Networks
) -> None:
    opened = entry.latest_revision
    key, _ = make_key(network=networks.own, name="Rota", scopes=["drafts"], days=1, by=editor)
    draft = services.draft_of(entry)
    draft.summary = "By the system."
    services.save_draft(draft=draft, by=person_behind(key))
    when = opened.created_at.isoformat()
    answer = edit(client, entry, summary="By hand.", loaded_revision_id=opened.pk, loaded_revision_created_at=when)
    assert answer.status_code == 409
    assert services.draft_of(latest(entry)).summary == "By the system."


def test_submitting_an_incomplete_draft_keeps_it_and_lists_what_is_missing(client: Client, entry: Entry) -> None:
    answer = edit(client, entry, where_it_may_not_work="", **{"action-submit": "1"})
    assert answer.status_code == 302
    answer = client.get(answer["Location"])
    assert "say where it may not work" in told_in(answer)
    assert latest(entry).current_workflow_state is None


def test_submitting_hands_it_to_the_reviewers_once_it_says_why(client: Client, entry: Entry, reviewer: User) -> None:
    answer = edit(client, entry, summary="Kept words.", **{"action-submit": "1"})
    assert answer["Location"] == f"{reverse('editing:compare', args=[entry.pk])}#submit"
    told = told_in(client.get(answer["Location"]))
    assert "say why below" in told
    assert "Kept words." in told
    assert not latest(entry).workflow_in_progress
    client.post(reverse("editing:submit", args=[entry.pk]), {"reason": "Plainer words."})
    assert latest(entry).workflow_in_progress
    readers = Client()
    readers.force_login(reviewer)
    assert "Night rota app" in told_in(readers.get(reverse("editing:start")))


def test_nobody_publishes_past_the_workflow(entry: Entry, publisher: User) -> None:
    client = Client()
    client.force_login(publisher)
    edit(client, entry, summary="Straight to the readers.", **{"action-publish": "1"})
    assert "Straight" not in latest(entry).summary


def test_an_older_version_comes_back_although_its_figure_is_gone(
    client: Client, entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    with_figure = entry.latest_revision_id
    edit(client, entry, figures=inline_formset([]))
    for step, by in (("submit", editor), ("approve", reviewer), ("approve", publisher)):
        kwargs = {"revision": latest(entry).latest_revision_id} if step == "approve" else {}
        getattr(services, step)(entry=latest(entry), by=by, reason="Counted again.", **kwargs)
    address = reverse("innovation:revisions_revert", args=[entry.pk, with_figure])
    answer = client.get(address)
    assert answer.status_code == 200
    assert "41000" in told_in(answer)
    client.post(address, querydict_from_html(told_in(answer), form_id="w-editor-form"))
    assert services.draft_of(latest(entry)).figures.get().value == 41000
    last = latest(entry).changes.first()
    assert (last.action, last.by_name, last.reason[:9]) == ("restored", "edith", "As it was")


def test_what_may_be_here_already_and_how_sure_it_is_stand_in_the_form(client: Client, networks: Networks) -> None:
    other = InnovationFactory(title="Ward huddles", published=True)
    mine = InnovationFactory(title="Ward Huddles", owner_network=networks.own)
    cite(mine, published=False, evidence=EvidenceFactory(title="An opinion", type="opinion"), finding="It helps.")
    type(mine).objects.get(pk=mine.pk).save_revision(clean=False)
    told = told_in(client.get(reverse("innovation:edit", args=[mine.pk])))
    assert f'href="{other.get_absolute_url()}"' in told
    assert "has the same name" in told
    for part in ("How sure the draft’s findings are", "The cheapest step up", "An opinion", "Counts for"):
        assert part in told, part


@pytest.mark.parametrize("kind", [Innovation, CaseStudy])
def test_every_field_says_what_it_wants(kind: type[Entry]) -> None:
    silent = {
        panel.field_name
        for panel in _fields_in(kind.snippet_viewset.edit_handler.bind_to_model(kind))  # type: ignore[attr-defined]
        if not (panel.help_text or panel.db_field.help_text)
    }
    assert silent <= {"name", "kind"}  # of another name, whose list says it, and of a learning point


def _fields_in(panel: Any) -> Iterator[Any]:
    inside = [*getattr(panel, "children", []), *filter(None, [getattr(panel, "child_edit_handler", None)])]
    for one in inside:
        yield from _fields_in(one)
    if hasattr(panel, "field_name"):
        yield panel


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("evaluation.exe", b"MZ", "Attach a PDF, Word, Excel, PNG or JPEG file."),
        ("evaluation.pdf", b"<script>", "is not what its name says"),
        ("evaluation.pdf", b"%PDF-" + b"0" * LARGEST, "larger than 20 MB"),
    ],
)
def test_an_attachment_of_another_kind_or_size_is_refused(client: Client, name: str, content: bytes, told: str) -> None:
    data = {"title": "An evaluation", "attachment": SimpleUploadedFile(name, content)}
    assert told in told_in(client.post(reverse("sources:add"), data))
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("doi", "10.1000/AB1"),
        ("doi", "https://doi.org/10.1000/ab1"),
        ("doi", "doi: 10.1000/ab1"),
        ("url", "https://example.org/Report"),
        ("url", "http://www.example.org/report/"),
    ],
)
def test_a_source_that_is_here_already_is_named(client: Client, name: str, typed: str) -> None:
    EvidenceFactory(
        title="The evaluation",
        publisher="NICE",
        published="2023-06",
        doi="10.1000/ab1",
        url="http://example.org/report",
    )
    answer = client.post(reverse("sources:add"), {"title": "Again", name: typed})
    assert "This source is here already: “The evaluation” (NICE, June 2023). Choose it instead." in told_in(answer)


def test_a_source_with_a_title_that_is_here_is_asked_about(client: Client) -> None:
    """Two reports may have one title: who says so adds the second."""
    EvidenceFactory(title="Annual report", publisher="NICE", doi="", url="")
    typed = {"title": " annual  Report", "doi": "https://doi.org/10.1000/ab2"}
    told = told_in(client.post(reverse("sources:add"), typed))
    assert "A source with this title is here already: “Annual report” (NICE" in told
    assert "It is another source with the same title" in told
    client.post(reverse("sources:add"), typed | {"is_another": "on"})
    second = Evidence.objects.latest("pk")
    assert (second.title, second.doi) == ("annual Report", "10.1000/ab2")


def test_a_source_is_added_where_it_was_looked_for(client: Client) -> None:
    asked = client.get(reverse("choose_evidence:choose")).json()["html"]
    assert "Not found: add it" in asked
    assert 'id="id_title"' not in asked  # the entry's own form has one
    address = reverse("choose_evidence:create")
    wrong = client.post(address, {"source-title": "", "source-attachment": SimpleUploadedFile("a.exe", b"MZ")}).json()
    assert "Attach a PDF, Word, Excel, PNG or JPEG file." in wrong["htmlFragment"]
    added = client.post(address, {"source-title": "The evaluation"}).json()
    assert added["step"] == "chosen"
    assert added["result"]["title"] == Evidence.objects.get().title == "The evaluation"


def test_a_source_of_published_entries_is_changed_by_publishers_alone(
    client: Client, entry: Entry, publisher: User
) -> None:
    source = entry.figures.get().evidence
    cite(entry, evidence=source)
    assert client.get(reverse("sources:edit", args=[source.pk])).status_code == 403
    client.force_login(publisher)
    assert client.get(reverse("sources:edit", args=[source.pk])).status_code == 200


@pytest.mark.parametrize("typed", ["jo.bloggs@example.nhs.uk", "Rota lead, 0113 496 0000", "+44 (0)113 496-0000"])
def test_whom_to_ask_is_a_role_and_nobodys_address(client: Client, entry: Entry, typed: str) -> None:
    told = told_in(edit(client, entry, contact_role=typed))
    assert "No e-mail address or telephone number is published." in told
    assert typed not in services.draft_of(entry).contact_role
    assert edit(client, entry, contact_role="Rota lead, Year 2 of 2023/24").status_code == 302


def test_scripts_in_a_field_are_shown_as_text(client: Client, entry: Entry) -> None:
    edit(client, entry, summary=f"<script>alert('{SECRET}')</script>")
    answer = told_in(client.get(reverse("editing:compare", args=[entry.pk])))
    assert f"<script>alert('{SECRET}')" not in answer


@pytest.mark.parametrize("name", ["innovation", "casestudy"])
def test_scripts_in_any_text_field_come_back_as_text(client: Client, networks: Networks, name: str) -> None:
    model = Innovation if name == "innovation" else CaseStudy
    texts = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
    ]
    assert {"title", "summary", "caveats"} <= set(texts)
    script = f"<script>{SECRET}</script>"
    fields = {field: script for field in texts if field != "slug"}
    none_yet = {"participants": inline_formset([]), "learning_points": inline_formset([])}
    answer = client.post(reverse(f"{name}:add"), posted(slug="<script>", **none_yet, **fields))
    assert answer.status_code == 200
    assert f"<script>{SECRET}" not in told_in(answer)
    assert told_in(answer).count(escape(script)) >= len(fields)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_draft_is_previewed_as_readers_would_see_it(client: Client, entry: Entry, is_new: bool) -> None:
    address = reverse("innovation:preview_on_add") if is_new else reverse("innovation:preview_on_edit", args=[entry.pk])
    fields = {
        "title": "Previewed",
        "slug": "previewed" if is_new else entry.slug,
        "owner_network": entry.owner_network_id,
    }
    assert client.post(address, posted(**fields)).json()["is_valid"]
    answer = client.get(address)
    assert "Previewed" in told_in(answer)
    assert "Readers do not see it." in told_in(answer)
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
