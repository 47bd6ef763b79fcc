"""Facets: counts equal a count by hand over generated catalogues, in every pair of filters and after every edit."""

import itertools
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.adoption.models import AdoptionRecord
from portal.benefits.models import BenefitFigure
from portal.catalogue.filters import CatalogueFilters
from portal.catalogue.finding import index as index_module
from portal.catalogue.finding.answers import Answer
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.index import Index, current_index
from portal.catalogue.models import CatalogueMove, CatalogueVersion, Entry, EntryEvidence
from portal.catalogue.services import withdraw_entry
from portal.catalogue.sharing import forget_answers
from portal.catalogue.strength import levels_of, strength_of
from tests.factories import (
    AdoptionRecordFactory,
    CareSettingFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    InnovationKindFactory,
    MeasureFactory,
    MembershipFactory,
    PlanStrandFactory,
    RegionFactory,
    StaffGroupFactory,
    SuccessionFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    WorkforceChallengeFactory,
    add_figure,
    publish,
)

pytestmark = pytest.mark.django_db
ENTRIES = 25


@pytest.fixture(scope="module")
def world(module_db: None) -> dict[str, list[Any]]:
    """What the entries of a generated catalogue are filed under; the entries themselves come from each example."""
    north, south = RegionFactory(code="N"), RegionFactory(code="S")
    old = IcbFactory(code="OLD", region=north, closed_on=date(2025, 3, 31))
    boards = [IcbFactory(code="A", region=north), IcbFactory(code="B", region=south), old]
    SuccessionFactory(predecessor=old, successor=boards[0], on=date(2025, 4, 1))
    trusts = [TrustFactory(code="T1", region=north), TrustFactory(code="T2")]
    MembershipFactory(organisation=trusts[0], within=boards[1])
    return {
        "themes": [ThemeFactory(slug=f"t{n}") for n in range(3)],
        "plan_strands": [PlanStrandFactory(slug=f"p{n}") for n in range(2)],
        "care_settings": [CareSettingFactory(slug=f"c{n}") for n in range(2)],
        "staff_groups": [StaffGroupFactory(slug=f"s{n}") for n in range(2)],
        "workforce_challenges": [WorkforceChallengeFactory(slug=f"w{n}") for n in range(2)],
        "lead_organisations": [*trusts, boards[0]],
        "places": [*boards, north],
        "kinds": [InnovationKindFactory(slug=f"k{n}") for n in range(2)],
        "evidence": [
            EvidenceFactory(type="rct", independence="independent", setting="nhs_england", published="2021-05"),
            EvidenceFactory(type="opinion", published=""),
            EvidenceFactory(type="survey", setting="uk", published="2019"),
        ],
        "measures": [MeasureFactory(key="m0"), MeasureFactory(key="m1")],
        "adopters": [*trusts, old],
    }


def fill(world: dict[str, list[Any]], seed: int) -> None:
    """Put rows into the tables as publication would leave them, in bulk; drafts are among them."""
    chance = random.Random(seed)
    today = timezone.localdate()
    for number in range(ENTRIES):
        model: Any = chance.choice([Innovation, CaseStudy])
        entry = model(
            title=f"{chance.choice('abc')} {number}",
            slug=f"generated-{number}",
            summary="Words.",
            live=chance.random() < 0.8,
            next_review_on=chance.choice([None, today - timedelta(1), today + timedelta(30), today + timedelta(400)]),
            first_published_at=timezone.now() - timedelta(days=chance.randrange(9)),
        )
        if model is CaseStudy:
            entry.agreement, entry.bank_model = chance.choice(["", "passport"]), chance.choice(["", "single"])
        entry.save()
        for name in ("themes", "plan_strands", "care_settings", "staff_groups", "workforce_challenges"):
            getattr(entry, name).set(_some(chance, world[name]))
        entry.lead_organisations.set(_some(chance, world["lead_organisations"]))
        entry.places.set(_some(chance, world["places"]))
        if model is Innovation:
            entry.kinds.set(_some(chance, world["kinds"]))
        entry.save()
        _add_facts(chance, entry, world)


def _some(chance: random.Random, rows: list[Any]) -> list[Any]:
    return [row for row in rows if chance.random() < 0.4]


def _add_facts(chance: random.Random, entry: Any, world: dict[str, list[Any]]) -> None:
    for evidence in _some(chance, world["evidence"]):
        EntryEvidence.objects.create(entry=entry, evidence=evidence, finding=chance.choice(["", "It helped."]))
    for number, measure in enumerate(_some(chance, world["measures"])):
        BenefitFigure.objects.create(
            entry=entry,
            measure=measure,
            key=f"f{number}",
            label="Saved",
            value=chance.randrange(1, 99),
            role=chance.choice(["benefit", "baseline"]),
            achievement=chance.choice(["achieved", "potential"]),
            basis=chance.choice(["observed", "modelled"]),
            period_kind="not_stated",
            place=chance.choice([None, *world["places"]]),
            evidence=chance.choice(world["evidence"]),
        )
    for adopter in _some(chance, world["adopters"]):
        stage = chance.choice(["exploring", "adopted", "sustained"])
        on = chance.choice(["2024", timezone.localdate().isoformat()]) if adopter.is_open else "2024"
        AdoptionRecord.objects.create(entry=entry, organisation=adopter, stage=stage, on=on, said_by="The adopter")


HEIR = {"OLD": "A"}
BOARD_OF = {"T1": "B", "T2": "", "OLD": "A"}
REGION_OF = {"A": "N", "B": "S", "OLD": "N", "N": "N", "T1": "N"}


def by_hand(entry: Entry) -> dict[str, set[str]]:
    """Work out an entry's values from its rows, one by one, without any of the code under test."""
    row: Any = entry.specific
    figures = [one for one in row.figures.all() if one.role == "benefit" and one.achievement == "achieved"]
    places = [place.code for place in row.places.all()]
    places += [one.place.code for one in row.figures.all() if one.place]
    records = list(row.adoption_records.all())
    places += [one.organisation.code for one in records]
    going = ["exploring", "adopted", "sustained"]
    due, today = row.next_review_on, timezone.localdate()
    return {
        "kind": {row.kind},
        "theme": {tag.slug for tag in row.themes.all()},
        "strand": {tag.slug for tag in row.plan_strands.all()},
        "setting": {tag.slug for tag in row.care_settings.all()},
        "staff": {tag.slug for tag in row.staff_groups.all()},
        "challenge": {tag.slug for tag in row.workforce_challenges.all()},
        "region": {REGION_OF[code] for code in places if code in REGION_OF},
        "icb": {code for code in (HEIR.get(c, BOARD_OF.get(c, c)) for c in places) if code in ("A", "B")},
        "used": {BOARD_OF[one.organisation.code] for one in records if one.stage != "exploring"} & {"A", "B"},
        "confirmed": {
            BOARD_OF[one.organisation.code] for one in records if one.stage != "exploring" and one.on != "2024"
        }
        & {"A", "B"},
        "stage": {max((one.stage for one in records), key=going.index)} if records else set(),
        "strength": {str(strength_of(row).level)},
        "figures": {one.basis for one in figures} or {"none"},
        "lead": {one.kind for one in row.lead_organisations.all()},
        "year": {link.evidence.published[:4] for link in row.evidence_links.all() if link.evidence.published},
        "review": {
            "not_stated"
            if due is None
            else "overdue"
            if due < today
            else "due"
            if (due - today).days < 91
            else "in_date"
        },
        "innovation_kind": {tag.slug for tag in row.kinds.all()} if isinstance(row, Innovation) else set(),
        "arrangement": ({row.agreement, row.bank_model and f"bank-{row.bank_model}"} - {""})
        if isinstance(row, CaseStudy)
        else set(),
    }


def answer(query: str = "") -> Answer:
    return CatalogueFilters(QueryDict(query)).answer


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_counts_equal_a_count_by_hand_in_every_pair_of_filters(
    world: dict[str, list[Any]], rolled_back: Callable[[], Any], seed: int
) -> None:
    with rolled_back():
        fill(world, seed)
        CatalogueVersion.move()
        values = {entry.pk: by_hand(entry) for entry in Entry.objects.public()}
        held = _by_value(values)
        names = list(CatalogueFilters.facet_filters())
        chance = random.Random(seed)
        for one, other in itertools.combinations(names, 2):
            chosen = {name: _chosen(chance, held[name]) for name in (one, other)}
            query = "&".join(f"{name}={value}" for name, wanted in chosen.items() for value in wanted)
            _check(answer(query), chosen, held, set(values))


Held = dict[str, dict[str, set[int]]]


def _by_value(values: dict[int, dict[str, set[str]]]) -> Held:
    held: Held = {name: {} for name in CatalogueFilters.facet_filters()}
    for pk, row in values.items():
        for name, its in row.items():
            for value in its:
                held[name].setdefault(value, set()).add(pk)
    return held


def _chosen(chance: random.Random, held: dict[str, set[int]]) -> set[str]:
    return set(chance.sample(sorted(held), min(len(held), chance.choice([1, 1, 2]))))


def _check(found: Answer, chosen: dict[str, set[str]], held: Held, everything: set[int]) -> None:
    def left(without: str = "") -> set[int]:
        ids = set(everything)
        for name, wanted in chosen.items():
            if name != without and wanted:
                ids &= set().union(*(held[name][value] for value in wanted))
        return ids

    assert set(found.found) == left(), chosen
    for name, one in CatalogueFilters.facet_filters().items():
        ids = left(without=name)
        by_hand = {value: len(ids & held[name].get(value, set())) for value, _ in found.index.options[one.facet]}
        assert found.counts(name) == by_hand, (chosen, name)


@pytest.fixture
def rolled_back() -> Callable[[], Any]:
    """Return a block that leaves no row behind: hypothesis runs several examples in one test."""
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def block() -> Any:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return block


# One entry at a time


def plain(index: Index) -> dict[str, Any]:
    """Return what an index says, for comparison; a value that no entry has any more says nothing."""
    return {
        "public": set(index.public),
        "options": index.options,
        "values": {
            name: {value: set(held) for value, held in values.items() if held} for name, values in index.values.items()
        },
        "orders": {name: list(order.walk(index.public)) for name, order in index.ordered.items()},
    }


def test_following_publications_comes_to_the_same_as_building_anew(
    world: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = InnovationFactory(published=True, themes=world["themes"][:1])
    current_index()
    build = index_module._build
    monkeypatch.setattr(index_module, "_build", lambda *told: pytest.fail("built anew"))
    second = InnovationFactory(published=True, title="AAA", places=world["places"][:2], themes=world["themes"])
    add_figure(second, measure=world["measures"][0])
    AdoptionRecordFactory(entry=first, organisation=world["adopters"][0], stage="adopted")
    first.themes.set(world["themes"][1:])
    first.save()
    publish(first)
    third = InnovationFactory(published=True)
    withdraw_entry(entry=third, by=UserFactory(), reason="Test")
    followed = current_index()
    assert set(followed.public) == {first.pk, second.pk}
    assert plain(followed) == plain(build(followed.mark, followed.day))


def test_what_changes_for_all_is_looked_at_anew(world: dict[str, list[Any]]) -> None:
    InnovationFactory(published=True, themes=world["themes"][:1])
    current_index()
    theme = world["themes"][0]
    theme.name = "Another name"
    theme.save()
    assert dict(current_index().options["theme"])[theme.slug] == "Another name"


def test_an_index_of_a_version_that_was_taken_back_is_not_followed() -> None:
    InnovationFactory(published=True)
    kept = CatalogueVersion.mark_now()
    entry = InnovationFactory(published=True)
    assert CatalogueMove.entries_between(kept, CatalogueVersion.mark_now()) == {entry.pk}
    assert CatalogueMove.entries_between("never-was", kept) is None
    assert CatalogueMove.entries_between(kept, "not-yet") is None


def test_levels_of_many_are_those_of_each(world: dict[str, list[Any]]) -> None:
    fill(world, 7)
    levels = levels_of(Entry.objects.public())
    assert levels == {entry.pk: strength_of(entry).level for entry in Entry.objects.public()}


def test_a_board_that_closed_is_shown_as_what_took_it_over(world: dict[str, list[Any]], client: Client) -> None:
    entry = InnovationFactory(published=True, places=[world["places"][2]])
    listing = client.get(reverse("catalogue:list"), {"icb": "OLD"}).context["listing"]
    assert [card.pk for card in listing.cards] == [entry.pk]
    assert "has closed, so" in listing.ignored[0]
    assert "OLD" not in dict(current_index().options["icb"])
    assert [card.pk for card in client.get(reverse("catalogue:list"), {"icb": "A"}).context["listing"].cards]


# Order


def test_each_order_puts_what_it_says_first_and_tells_it_on_the_card(
    world: dict[str, list[Any]], client: Client
) -> None:
    few, many = InnovationFactory(published=True, title="Few"), InnovationFactory(published=True, title="Many")
    none = InnovationFactory(published=True, title="None")
    add_figure(few, measure=world["measures"][0], value=3, basis="observed")
    add_figure(many, measure=world["measures"][0], value=50, basis="observed")
    AdoptionRecordFactory(entry=many, organisation=world["adopters"][0], stage="adopted")
    Entry.objects.filter(pk=none.pk).update(first_published_at=timezone.now() + timedelta(days=1))
    CatalogueVersion.move()

    def shown(**query: str) -> list[tuple[str, str]]:
        forget_answers()
        listing = client.get(reverse("catalogue:list"), query).context["listing"]
        return [(card.title, card.ordered_by) for card in listing.cards]

    assert [title for title, _ in shown(sort="benefit", measure="m0")] == ["Many", "Few", "None"]
    assert "50" in shown(sort="benefit", measure="m0")[0][1]
    assert shown(sort="adopted")[0] == ("Many", "Known to be live at 1 of 2 NHS trusts")
    assert shown(sort="newest")[0][0] == "None"
    assert shown(sort="newest")[0][1].startswith("First published")
    assert shown(sort="strength")[0][1].startswith("Strength ")
    assert [title for title, _ in shown(sort="title")] == ["Few", "Many", "None"]
    assert shown(sort="benefit") == shown()
    assert set(orders()) == {"title", "newest", "strength", "adopted", "benefit"}
