"""What the product ships: every entry, organisation and figure, and the contradictions kept in view."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.adoption.calculations import Coverage
from portal.adoption.models import AdoptionRecord, ConfirmationPeriod, CoverageClaim
from portal.adoption.reading import GROUPS, read_adoption
from portal.benefits.models import BenefitFigure, Measure, NetworkClaim
from portal.briefings.audit import Audit, audit
from portal.briefings.brief.content import brief_of_published
from portal.briefings.brief.rendering import render_brief
from portal.briefings.options import PackOptions
from portal.briefings.rendering import render_pack
from portal.briefings.services import ask_for_next_issue, ask_for_pack
from portal.catalogue import stored
from portal.catalogue.changes import changes_between
from portal.catalogue.models import Entry, PublishedVersion, StoredCard, StoredPage, Theme
from portal.catalogue.sharing import forget_answers
from portal.catalogue.strength import entries_that_would_change, strength_of
from portal.catalogue.versions import as_published
from portal.core.formatting import format_date
from portal.evidence.calculations import Strength
from portal.exchange.data_files import read_data_files
from portal.exchange.loading import load_data_files
from portal.exchange.models import LoadedFile
from portal.organisations.models import Organisation, Succession
from tests.evidence.rules import second_version
from tests.exchange.conftest import ROOT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("real_entries"),
    pytest.mark.slow,
    pytest.mark.no_cover,  # the same code many times over
]


def figure(slug: str, key: str) -> BenefitFigure:
    return BenefitFigure.objects.get(entry__slug=slug, key=key)


def test_everything_the_sources_gave_is_there() -> None:
    assert Innovation.objects.public().count() == 35
    assert CaseStudy.objects.public().count() == 59
    assert BenefitFigure.objects.count() == 338
    assert NetworkClaim.objects.count() == 4
    assert Organisation.objects.regions().count() == 7
    assert Organisation.objects.icbs().filter(opened_on="2022-07-01").count() == 42
    assert Organisation.objects.icbs().filter(closed_on=None).count() == 36
    assert Organisation.objects.networks().count() == 15
    assert Organisation.objects.trusts().count() == 217


def test_each_adoption_fact_is_a_record_or_a_claim() -> None:
    facts = sum(len(file.public_ids) for file in LoadedFile.objects.all())
    assert facts == AdoptionRecord.objects.count() + CoverageClaim.objects.count()
    assert facts >= 125


@pytest.mark.parametrize(
    "words",
    [
        "S12 Solutions", "eRD", "Sleepio", "QbTest", "RPA", "NHS AI Lab", "Speech recognition", "e-rostering",
        "e-job planning",
    ],
)  # fmt: skip
def test_each_system_the_client_named_is_found_by_its_name(words: str) -> None:
    assert Entry.objects.public().with_words(words.split()).exists()


def test_the_seven_themes_of_case_studies_each_hold_one() -> None:
    themes = Theme.objects.filter(for_case_studies=True).with_public_counts()
    assert themes.count() == 7
    assert all(theme.public_entries for theme in themes)


def test_every_published_entry_has_its_revision_and_a_source_for_each_figure() -> None:
    for entry in Entry.objects.public().with_specific():
        assert entry.specific.latest_revision is not None, entry.slug
        assert entry.version == 1
        sources = set(entry.evidence_links.values_list("evidence", flat=True))
        assert {figure.evidence_id for figure in entry.figures.all()} <= sources, entry.slug


def test_the_version_kept_of_each_entry_is_what_readers_see(client: Client) -> None:
    for kept in PublishedVersion.objects.select_related("change__entry__innovation", "change__entry__casestudy"):
        entry = kept.change.entry.specific
        assert (kept.change.version, kept.change.sentences) == (1, ["First published."]), entry.slug
        assert changes_between(as_published(type(entry), [kept])[0], entry) == [], entry.slug
        assert client.get(entry.get_version_url(1)).status_code == 200, entry.slug


def test_the_database_holds_what_each_file_says() -> None:
    """Every list, text, figure and fact of every file, and no more."""
    for path, file in read_data_files(ROOT).entries():
        entry = Entry.objects.with_specific().get(slug=Path(path).stem).specific
        for name, value in file:
            assert held(entry, name) == said(name, value), f"{path}: {name}"


LISTS = ["themes", "plan_strands", "care_settings", "staff_groups", "workforce_challenges", "kinds", "programmes"]


def held(entry: Any, name: str) -> Any:
    """Return what the database holds under a file's key, as plain values."""
    if name in [*LISTS, "innovations_used"]:
        return sorted(getattr(entry, name).values_list("slug", flat=True))
    if name in ("lead_organisations", "places"):
        return sorted(getattr(entry, name).values_list("code", flat=True))
    if name == "figures":
        return [(row.key, row.value, row.label, row.measure.key) for row in entry.figures.all()]
    if name == "evidence":
        return [(row.evidence.key, row.finding) for row in entry.evidence_links.all()]
    if name == "adoption":
        return entry.coverage_claims.count(), entry.adoption_records.count()
    if name in ("enablers", "lessons", "barriers"):
        return [point.text for point in entry.learning_points.all() if point.kind == name.removesuffix("s")]
    if name in ("claims", "participants"):
        return getattr(entry, name).count()
    if name == "other_names":
        return [row.name for row in entry.other_names.all()]
    columns = {"reviewed": "last_reviewed_on", "next_review": "next_review_on"}
    return getattr(entry, columns.get(name, name)) or ""


def said(name: str, value: Any) -> Any:
    """Return a file's value in the shape of `held`."""
    if name in [*LISTS, "innovations_used", "lead_organisations", "places"]:
        return sorted(value)
    if name == "figures":
        return [(item.key, item.value, item.label, item.measure) for item in value]
    if name == "evidence":
        return [(item.key, item.finding or "") for item in value]
    if name == "adoption":
        return sum(bool(item.group) for item in value), sum(len(item.organisations or []) for item in value)
    if name == "barriers":
        return [item.text for item in value]
    if name in ("claims", "participants"):
        return len(value)
    return value or "" if name not in ("enablers", "lessons", "other_names") else value


def test_loading_again_changes_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert load_data_files(ROOT) is None


def test_loading_an_unchanged_entry_again_keeps_its_version() -> None:
    LoadedFile.objects.filter(path="portal/catalogue/tags.yaml").update(digest="changed")
    report = load_data_files(ROOT)
    assert report is not None
    assert (len(report.created), len(report.updated), len(report.unchanged)) == (0, 0, 94)
    assert set(Entry.objects.values_list("version", flat=True)) == {1}


def test_an_entry_that_people_edited_since_is_left_as_they_made_it() -> None:
    LoadedFile.objects.filter(path="innovations/entries/sleepio.yaml").update(digest="changed")
    Innovation.objects.filter(slug="sleepio").update(summary="As an editor wrote it.", version=2)
    report = load_data_files(ROOT)
    assert report is not None
    assert report.edited_since == ["sleepio"]
    assert Innovation.objects.get(slug="sleepio").summary == "As an editor wrote it."


def test_the_south_east_keeps_its_three_figures_and_what_overlaps() -> None:
    figures = {
        row.value: row
        for row in BenefitFigure.objects.filter(entry__slug="south-east-temporary-staffing-collaborative")
    }
    two_years, one_year, half_year = (figures[Decimal(n)] for n in (224_000_000, 125_000_000, 56_000_000))
    assert one_year.overlap_group
    assert one_year.overlap_group == two_years.overlap_group
    assert half_year.overlap_group != two_years.overlap_group


def test_qbtest_keeps_the_contrary_finding_and_the_chain_of_counts() -> None:
    figures = {row.value: row for row in BenefitFigure.objects.filter(entry__slug="qbtest-focus-adhd")}
    assert figures[Decimal(75000)].supersedes == figures[Decimal(57000)].public_id
    assert (figures[Decimal(153)].change, figures[Decimal(55)].change) == ("decrease", "increase")


def test_hours_said_again_as_days_are_marked() -> None:
    figures = {row.value: row for row in BenefitFigure.objects.filter(entry__slug="robotic-process-automation")}
    assert figures[Decimal(965000)].restates == figures[Decimal(7_200_000)].public_id


def test_rpa_keeps_systems_and_trusts_apart() -> None:
    claims = CoverageClaim.objects.filter(entry__slug="robotic-process-automation")
    assert claims.filter(count=42, denominator=42).count() == 1
    assert set(claims.exclude(share_percent=None).values_list("share_percent", flat=True)) >= {Decimal(61), Decimal(38)}


def test_every_organisation_says_what_it_was_read_from() -> None:
    ours = ["UK", "ENG"]
    assert not Organisation.objects.filter(sources=None).exclude(code__in=ours).exists()


def test_a_board_that_was_split_has_all_its_successors() -> None:
    successors = Succession.objects.filter(predecessor__code="QNQ").values_list("successor__code", flat=True)
    assert set(successors) == {"QRL", "S9B9J", "S0E4D"}


def test_no_workshop_word_reached_the_reader() -> None:
    for word in ("seed-", "held-out", "mf-", "analyst", "facts file"):
        hits = [
            entry.slug
            for entry in Entry.objects.all()
            if word in f"{entry.summary} {entry.caveats} {entry.challenge}".casefold()
        ]
        assert hits == [], word


def test_every_measure_in_use_is_defined() -> None:
    for measure in Measure.objects.all():
        assert len(measure.definition) > 30, measure.key


def test_every_real_page_is_shown(client: Client) -> None:
    for entry in Entry.objects.public():
        answer = client.get(entry.get_absolute_url())
        assert answer.status_code == 200, entry.slug
        assert entry.title in answer.content.decode().replace("&#x27;", "'").replace("&amp;", "&")


def test_every_real_organisation_page_is_shown(client: Client) -> None:
    for organisation in Organisation.objects.all():
        expected = 302 if organisation.only_successor() else 200
        assert client.get(organisation.get_absolute_url()).status_code == expected, organisation.code


def strength(slug: str) -> Strength:
    return strength_of(Entry.objects.for_page().get(slug=slug))


def test_trials_and_a_comparison_are_surer_than_a_suppliers_own_account() -> None:
    sleepio, bank = strength("sleepio"), strength("digital-staff-bank-patchwork")
    assert sleepio.text == "Strength 3 of 5: moderate"
    assert bank.text == "Strength 1 of 5: very weak"
    assert strength("qbtest-focus-adhd").level > bank.level


@pytest.mark.parametrize("slug", ["locums-nest", "deep-medical-schedules", "microsoft-365-copilot", "nhs-reserves"])
def test_a_claim_without_a_method_stays_low(slug: str) -> None:
    assert strength(slug).level == 1


def test_an_entry_that_shows_an_achieved_benefit_is_never_without_any_finding() -> None:
    for entry in Entry.objects.public().for_page():
        achieved = any(row.role == "benefit" and row.achievement == "achieved" for row in entry.figures.all())
        assert strength_of(entry).level >= 1 or not achieved, entry.slug


def test_a_stricter_version_lists_exactly_the_entries_it_would_lower() -> None:
    with second_version():
        changes = {
            change.entry.slug: (change.before.level, change.after.level) for change in entries_that_would_change(2)
        }
    assert changes["sleepio"] == (3, 2)
    assert all(after < before for before, after in changes.values())
    assert "digital-staff-bank-patchwork" not in changes


@pytest.mark.parametrize(
    "slug",
    [
        "robotic-process-automation", "sleepio", "qbtest-focus-adhd", "north-west-collaborative-bank",
        "project-choice-supported-internships",
    ],
)  # fmt: skip
def test_the_entries_with_most_to_say_have_briefs_of_two_pages(slug: str) -> None:
    pdf = render_brief(brief_of_published(Entry.objects.get(slug=slug).pk))
    assert audit(pdf) == Audit(pages=2, problems=[])


def words_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_ten_entries_with_most_figures_are_a_pack_of_fewer_than_thirty_pages_with_what_moved_since() -> None:
    """Five of each kind; three figures of each of two entries, and a total with them, moved since the first issue."""
    longest = Entry.objects.public().annotate(said=Count("figures")).order_by("-said", "pk")
    slugs = [entry.slug for kind in Entry.Kind for entry in longest.filter(kind=kind)[:5]]
    first = ask_for_pack(slugs=slugs, options=PackOptions(title="Ten entries for the board", purpose="approval"))
    for slug in slugs[3:5]:
        for moved in BenefitFigure.objects.filter(entry__slug=slug, role="benefit")[:3]:
            BenefitFigure.objects.filter(pk=moved.pk).update(value=moved.value + 1)
    second = ask_for_next_issue(pack=first)
    assert {len(row["figures"]) for row in second.data["since"]["entries"]} == {3}
    told = audit(render_pack(second.document()))
    assert (told.problems, told.pages < 30) == ([], True), told


def test_rpa_shows_systems_beside_trusts_as_claims_by_unit(client: Client) -> None:
    page = words_of(client.get("/innovations/robotic-process-automation/"))
    for claim in (
        "42 of 42 integrated care systems (100%)",
        "61% of acute trusts",
        "38% of community or mental health trusts",
    ):
        assert claim in page
    told = client.get("/adoption/robotic-process-automation.json").json()
    assert {claim["unit"] for claim in told["claims"]} >= {"integrated care systems", "acute trusts"}
    assert told["coverage"]["live"] == 0, "claims about groups are no records of organisations"


def test_qbtest_shows_its_trusts_over_time_as_one_series(client: Client) -> None:
    page = words_of(client.get("/innovations/qbtest-focus-adhd/"))
    chart = page[page.index("NHS trusts in England (trusts), as a table") :]
    places = [chart.index(f">{count} trusts<") for count in (41, 46, 51, 59, 65, 66, 88)]
    assert places == sorted(places)
    assert ">73 clinics<" not in chart


def test_the_ai_lab_counts_projects_and_hospitals_as_different_things(client: Client) -> None:
    page = words_of(client.get("/innovations/nhs-ai-lab/"))
    assert "86 projects" in page
    assert "99 hospitals" in page
    claims = CoverageClaim.objects.filter(entry__slug="nhs-ai-lab", as_at="2023-06")
    assert {(claim.count, claim.unit) for claim in claims} == {(86, "projects"), (99, "hospitals")}
    assert "As sources give it" not in page, "different things are no series"


DAY_BEFORE, DAY_AFTER = date(2026, 3, 31), date(2026, 4, 1)
SPLIT = {"QNQ", "QM7", "QJG"}


def boards_live_on(day: date, *codes: str) -> Coverage:
    """Return the coverage of all boards on a day, had these adopted an entry of which nothing else is known."""
    entry = Innovation.objects.get(slug="s12-solutions")
    for board in Organisation.objects.filter(code__in=codes):
        AdoptionRecord.objects.create(
            entry=entry, organisation=board, stage="adopted", on="2026-03-01", said_by="A test"
        )
    return read_adoption(day=day, entries=[entry.pk]).of(entry.pk).coverage(GROUPS["icb"])


def test_all_boards_before_april_2026_are_all_boards_after_it() -> None:
    codes = Organisation.objects.icbs().filter(opened_on="2022-07-01").values_list("code", flat=True)
    before = boards_live_on(DAY_BEFORE, *codes)
    after = boards_live_on(DAY_AFTER)
    assert (before.all, before.live) == (42, 42)
    assert (after.all, after.live, after.silent) == (36, 36, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("QMJ QRV", "Z9B2Z"),
        ("QHG QUE", "S1Y5D"),
        ("QU9", "S0E4D"),
        ("QNX QXU", "S9B9J"),
        ("QMM", "T6Y0W"),
        ("QH8", "D7T5G"),
    ],
)
def test_boards_that_went_over_into_one_are_one_adopter(client: Client, old: str, new: str) -> None:
    assert boards_live_on(DAY_BEFORE, *old.split()).live == len(old.split())
    after = boards_live_on(DAY_AFTER)
    assert (after.all, after.live) == (36, 1)
    for code in old.split():
        answer = client.get(f"/organisations/{code}/", follow=True)
        assert answer.redirect_chain == [(f"/organisations/{new}/?from={code}", 302)]
        assert "its address leads here" in words_of(answer)
    assert "Taken over from" in words_of(client.get(f"/organisations/{new}/"))


@pytest.mark.parametrize("code", sorted(SPLIT))
def test_a_split_board_is_one_adopter_and_its_address_explains_the_split(client: Client, code: str) -> None:
    assert boards_live_on(DAY_BEFORE, code).live == 1
    after = boards_live_on(DAY_AFTER)
    heirs = Succession.objects.filter(predecessor__code=code)
    assert (after.live, after.live + after.perhaps) == (1, heirs.count())
    page = words_of(client.get(f"/organisations/{code}/"))
    assert "It was split, and its area passed in parts to" in page
    assert all(heir.successor.name in page for heir in heirs.select_related("successor"))
    assert "which was split" in words_of(client.get(f"/organisations/{heirs.first().successor.code}/"))


def test_two_split_boards_with_one_heir_in_common_are_not_counted_twice() -> None:
    after = boards_live_on(DAY_AFTER, "QM7", "QJG")
    assert (after.live, after.perhaps) == (1, 2), "Central East alone may hold what both used"


def test_no_closed_trust_is_lost_or_counted_after_it_closed(client: Client) -> None:
    entry = Innovation.objects.get(slug="s12-solutions")
    closed = Organisation.objects.trusts().exclude(closed_on=None)
    said_before, group = timedelta(days=60), GROUPS["trust"]
    for trust in closed:
        on = (trust.closed_on - said_before).isoformat()
        AdoptionRecord.objects.create(entry=entry, organisation=trust, stage="adopted", on=on, said_by="A test")
    assert closed.count() == 18
    for trust in closed:
        for day in (trust.closed_on, trust.closed_on + timedelta(days=1)):
            told = read_adoption(day=day, entries=[entry.pk]).of(entry.pk)
            live = {row for row in told.members(group) if told.standings.of(row).says == "live"}
            assert live == {one.pk for one in closed if one.closed_on - said_before <= day <= one.closed_on}
            assert told.coverage(group).live == len(live)
        assert trust.pk in [row.body for row in told.standings.adopters_without_heirs()]
    page = words_of(client.get("/adoption/s12-solutions/"))
    assert all(trust.name.replace("&", "&amp;") in page for trust in closed)


def test_the_address_of_a_closed_trust_says_when_it_closed_and_that_nobody_is_known_to_have_taken_over(
    client: Client,
) -> None:
    for trust in Organisation.objects.trusts().exclude(closed_on=None):
        page = words_of(client.get(f"/organisations/{trust.code}/"))
        assert f"This organisation closed on {format_date(trust.closed_on)}." in page
        assert "Our sources do not say which organisation took over from it." in page


def test_the_map_has_a_tile_for_each_board_before_and_after(client: Client) -> None:
    page = words_of(client.get("/adoption/robotic-process-automation/"))
    after, before = page.split("Integrated care boards on 31 March 2026</strong>")
    assert after.count('<rect width="56"') == 36
    assert before.count('<rect width="56"') == 42


def test_how_long_a_word_holds_is_a_dated_constant_that_people_may_change() -> None:
    assert ConfirmationPeriod.objects.periods().months_on(date(2026, 11, 24)) == 12
    ConfirmationPeriod.objects.create(valid_from="2026-06-01", months=6, reviewed_on="2026-06-01")
    assert ConfirmationPeriod.objects.periods().months_on(date(2026, 5, 31)) == 12
    assert ConfirmationPeriod.objects.periods().months_on(date(2026, 6, 1)) == 6
    assert ConfirmationPeriod.objects.periods().months_on(date(2001, 1, 1)) == 12


def test_what_is_stored_of_entries_reads_like_what_is_made_when_asked_for() -> None:
    some = list(Entry.objects.public().order_by("kind", "slug"))[::6]
    pages = [entry.get_absolute_url() for entry in some]
    addresses = [*pages, *(f"/api/v1{page}" for page in pages), "/api/v1/entries/?limit=100", "/catalogue/"]
    made = [Client().get(address).content for address in addresses]
    for store, make in stored._makers.items():
        stored._store(store, make([entry.pk for entry in some]))
    assert len(some) == StoredPage.objects.count() == StoredCard.objects.count()
    forget_answers()
    assert [Client().get(address).content for address in addresses] == made
