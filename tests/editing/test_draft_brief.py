"""A draft as its two-page brief: for those who may see the draft, marked, and kept nowhere."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from portal.accounts.models import User
from portal.briefings.audit import audit
from portal.briefings.brief import making
from portal.briefings.brief.content import brief_of_draft
from portal.briefings.brief.fitting import FIRST_PAGES, SECOND_PAGES
from portal.briefings.brief.rendering import write_html
from portal.catalogue.models import Entry
from portal.editing import services
from tests.editing.conftest import SECRET, change_draft
from tests.factories import AdoptionRecordFactory, InnovationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def address(entry: Entry) -> str:
    return reverse("editing:brief", args=[entry.pk])


def briefs_kept() -> set[Path]:
    return set(Path(settings.MEDIA_ROOT).glob("briefs/*.pdf"))


def test_a_draft_is_handed_out_as_two_marked_pages_and_kept_nowhere(entry: Entry, editor: User, signed_in: Any) -> None:
    change_draft(entry, by=editor, figure=38500)
    AdoptionRecordFactory(entry=entry, organisation__name="Anytown Trust")
    kept = briefs_kept()
    answer = signed_in(editor).get(address(entry))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{entry.slug}-draft.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert len(pages) == 2
    assert all("Draft, not published" in page for page in pages)
    for words in (
        SECRET,
        "38,500",
        "Anytown Trust",
        f"readers see version {entry.version}",
        "Where nobody works nights.",
    ):
        assert any(words in page for page in pages), words
    assert audit(answer.content).problems == []
    assert briefs_kept() == kept


def test_the_forms_preview_leads_to_it(entry: Entry, editor: User, signed_in: Any) -> None:
    client = signed_in(editor)
    form = client.get(reverse("innovation:edit", args=[entry.pk])).content.decode()
    assert '<option value="brief">Two-page brief (PDF)</option>' in form
    draft = reverse("innovation:revisions_view", args=[entry.pk, entry.latest_revision_id])
    preview = client.get(draft, {"mode": "brief"})
    assert f'href="{address(entry)}"' in preview.content.decode()
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "Two-page brief (PDF)" not in client.get(reverse("innovation:add")).content.decode()


def test_without_another_draft_it_is_the_published_brief(entry: Entry, editor: User, signed_in: Any) -> None:
    services.discard_draft(entry=entry, by=editor)
    assert signed_in(editor).get(address(entry))["Location"] == entry.get_brief_url()


@pytest.mark.parametrize("where", ["editing:compare", "innovation:edit"])
def test_it_is_linked_where_the_draft_is_read_and_written(
    entry: Entry, editor: User, signed_in: Any, where: str
) -> None:
    page = signed_in(editor).get(reverse(where, args=[entry.pk])).text
    assert address(entry) in page
    assert reverse("editing:trail", args=[entry.pk]) in page


def test_it_is_linked_in_the_list(entry: Entry, editor: User, signed_in: Any) -> None:
    page = signed_in(editor).get(reverse("innovation:list")).text
    assert address(entry) in page
    assert reverse("editing:trail", args=[entry.pk]) in page


def test_one_that_can_not_be_made_is_said_in_a_page(
    entry: Entry, editor: User, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BRIEFINGS_BRIEF_WALL_SECONDS", 0.01)
    answer = signed_in(editor).get(address(entry))
    assert answer.status_code == 404
    assert "could not be laid out" in answer.text
    assert reverse("editing:compare", args=[entry.pk]) in answer.text


def test_a_stranger_makes_nothing(entry: Entry, networks: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "brief_once", None)
    stranger: Client = signed_in(networks.person("reviewer", network=networks.other))
    assert stranger.get(address(entry)).status_code == 403


@pytest.mark.parametrize("how_many", [1, 6])
def test_a_draft_of_many_figures_costs_no_more_queries(
    entry: Any, editor: User, how_many: int, django_assert_max_num_queries: Any
) -> None:
    draft = services.draft_of(type(entry).objects.get(pk=entry.pk))
    draft.figures = list(draft.figures.all()) * how_many
    with django_assert_max_num_queries(14):
        brief_of_draft(draft)


def test_one_that_was_never_published_promises_no_page_of_today(networks: Any) -> None:
    draft = InnovationFactory(owner_network=networks.own, contact_role="Programme manager")
    html = write_html(brief_of_draft(draft), FIRST_PAGES[0], SECOND_PAGES[0])
    assert "Once published" in html
    assert "As it stands now" not in html
    assert "It has no address of its own before it is published" in html
