"""What differs between what readers see and a draft: field by field, row by row, and in sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from casestudies.models import LearningPoint, Participant
from portal.catalogue.changes import ChildChange, DifferentKinds, FieldChange, changes_between
from portal.catalogue.models import Claim, Entry, OtherName
from tests.factories import (
    CaseStudyFactory,
    ClaimFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    LearningPointFactory,
    MeasureFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])


def drafted(entry: Entry, change: Callable[[Any], object]) -> Any:
    """Save a draft with one change, and read it back as a reviewer does."""
    draft = fresh(entry)
    change(draft)
    return draft.save_revision(clean=False).as_object()


def fresh(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


def sentences(before: Entry | None, after: Entry) -> list[str]:
    return [change.sentence for change in changes_between(before, after)]


def setting(**fields: Any) -> Callable[[Any], None]:
    def change(draft: Any) -> None:
        for name, value in fields.items():
            setattr(draft, name, value)

    return change


def changing(relation: str, **fields: Any) -> Callable[[Any], None]:
    """Change the first row of a list."""

    def change(draft: Any) -> None:
        rows = list(getattr(draft, relation).all())
        setting(**fields)(rows[0])
        setattr(draft, relation, rows)

    return change


@KINDS
def test_an_untouched_draft_differs_in_nothing(factory: type) -> None:
    entry = factory(published=True, themes=[ThemeFactory()], other_names=["The app"])
    add_figure(entry, value=41000)
    cite(entry, finding="It helped.")

    assert changes_between(fresh(entry), drafted(entry, lambda draft: None)) == []


def test_two_kinds_are_not_compared() -> None:
    with pytest.raises(DifferentKinds):
        changes_between(InnovationFactory(), CaseStudyFactory())


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"title": "Shared bank"}, {"title": "One bank"}, "Title changed from “Shared bank” to “One bank”."),
        ({}, {"scope": "national"}, "Scope added: National."),
        ({"scope": "local"}, {"scope": ""}, "Scope removed (was One organisation)."),
        ({"scope": "local"}, {"scope": "system"}, "Scope changed from One organisation to One system."),
        (
            {"last_reviewed_on": date(2026, 3, 1)},
            {"last_reviewed_on": date(2026, 3, 12)},
            "Last reviewed on changed from 1 March 2026 to 12 March 2026.",
        ),
        ({}, {"summary": "Short. " * 20}, "Summary changed."),
        ({}, {"where_it_may_not_work": "Where nobody answers. " * 5}, "Where it may not work added."),
        ({}, {"nice_status": "recommended"}, "NICE status added: Recommended."),
    ],
)
def test_a_field_is_told_by_its_name_and_in_words(before: dict[str, Any], after: dict[str, Any], sentence: str) -> None:
    innovation = InnovationFactory(published=True, **before)

    assert sentences(fresh(innovation), drafted(innovation, setting(**after))) == [sentence]


def test_a_text_is_shown_before_and_after_with_its_words_marked() -> None:
    innovation = InnovationFactory(published=True, summary="It saves nurses 20 minutes a shift.")
    (change,) = changes_between(
        fresh(innovation), drafted(innovation, setting(summary="It saves nurses about 15 minutes a shift."))
    )

    assert isinstance(change, FieldChange)
    assert [piece.text for piece in change.before if piece.marked] == ["20"]
    assert [piece.text for piece in change.after if piece.marked] == ["about 15"]
    assert "".join(piece.text for piece in change.after) == "It saves nurses about 15 minutes a shift."


def test_line_ends_as_a_browser_sends_them_are_no_change() -> None:
    innovation = InnovationFactory(published=True, summary="One.\nTwo.")
    assert changes_between(fresh(innovation), drafted(innovation, setting(summary="One.\r\nTwo.\r\n"))) == []


def test_lists_are_told_by_name() -> None:
    banks, passports, trust = ThemeFactory(name="Banks"), ThemeFactory(name="Passports"), TrustFactory(name="Our Trust")
    innovation = InnovationFactory(published=True, themes=[banks])
    draft = drafted(innovation, setting(themes=[passports], lead_organisations=[trust]))

    assert sentences(fresh(innovation), draft) == [
        "Themes: added Passports; removed Banks.",
        "Lead organisations: added Our Trust.",
    ]


def test_a_draft_is_not_named_in_a_list() -> None:
    case_study = CaseStudyFactory(published=True)
    draft = drafted(case_study, setting(innovations_used=[InnovationFactory(title="Secret plan")]))

    assert sentences(fresh(case_study), draft) == ["Innovations used: added an entry that is not published."]


def test_a_row_that_only_moved_is_no_change() -> None:
    innovation = InnovationFactory(published=True, other_names=["One", "Two"])
    for number in range(3):
        add_figure(innovation, key=f"figure-{number}", sort_order=number)

    def turn(draft: Any) -> None:
        for relation in ("figures", "other_names"):
            rows = list(getattr(draft, relation).all())[::-1]
            for number, row in enumerate(rows):
                row.sort_order = number
            setattr(draft, relation, rows)

    assert changes_between(fresh(innovation), drafted(innovation, turn)) == []


def test_rows_are_known_again_though_their_primary_keys_are_new() -> None:
    case_study = CaseStudyFactory(published=True, other_names=["Bank"])
    ParticipantFactory(case_study=case_study, name="A council", role="partner")
    LearningPointFactory(case_study=case_study, text="Agree who pays.")
    ClaimFactory(entry=case_study)
    cite(case_study)
    add_figure(case_study)
    publish(case_study)

    def made_anew(draft: Any) -> None:
        for relation in ("figures", "evidence_links", "claims", "other_names", "participants", "learning_points"):
            rows = list(getattr(draft, relation).all())
            for row in rows:
                row.pk = None
            setattr(draft, relation, rows)

    assert changes_between(fresh(case_study), drafted(case_study, made_anew)) == []


def test_rows_that_came_and_went_are_told_by_name() -> None:
    innovation = InnovationFactory(published=True, other_names=["Old name"])
    cite(innovation, evidence=EvidenceFactory(title="The first evaluation"))

    def change(draft: Any) -> None:
        draft.other_names = []
        draft.evidence_links = [*draft.evidence_links.all(), link]

    link = innovation.evidence_links.model(
        evidence=EvidenceFactory(title="The second evaluation"), finding="It helped."
    )
    assert sentences(fresh(innovation), drafted(innovation, change)) == [
        "Other name removed: Old name.",
        "Source added: The second evaluation.",
    ]


def test_a_participant_with_another_role_has_changed() -> None:
    case_study = CaseStudyFactory(published=True)
    ParticipantFactory(case_study=case_study, name="Anytown Metropolitan Borough Council", role="partner")
    draft = drafted(case_study, changing("participants", role="lead"))

    assert sentences(fresh(case_study), draft) == [
        "Participant “Anytown Metropolitan Borough Council”: role changed from “partner” to “lead”."
    ]


def test_a_lesson_reworded_has_changed_and_another_lesson_is_new() -> None:
    case_study = CaseStudyFactory(published=True)
    LearningPointFactory(case_study=case_study, text="Agree who pays for training before the first shift.")

    def change(draft: Any) -> None:
        changing("learning_points", text="Agree who pays for training well before the first shift.")(draft)
        draft.learning_points = [*draft.learning_points.all(), LearningPoint(kind="barrier", text="Pay differed.")]

    changes = changes_between(fresh(case_study), drafted(case_study, change))
    assert [(change.what, change.label) for change in changes if isinstance(change, ChildChange)] == [
        ("changed", "Learning point"),
        ("added", "Learning point"),
    ]
    assert changes[1].sentence == "Learning point added: Pay differed."


def test_a_claim_with_a_new_id_and_the_same_words_is_the_same_claim() -> None:
    innovation = InnovationFactory(published=True)
    ClaimFactory(entry=innovation, statement="It saves a fortune")
    draft = drafted(innovation, setting(claims=[Claim(public_id=uuid4(), statement="It saves a fortune")]))

    assert changes_between(fresh(innovation), draft) == []


def test_twins_are_not_mixed_up() -> None:
    case_study = CaseStudyFactory(published=True)
    for _ in range(2):
        LearningPointFactory(case_study=case_study, text="Agree who pays.")
    draft = drafted(case_study, setting(learning_points=[LearningPoint(kind="lesson", text="Agree who pays.")]))

    assert sentences(fresh(case_study), draft) == ["Learning point removed: Agree who pays."]


def test_of_a_first_version_everything_it_states_is_new() -> None:
    innovation = InnovationFactory(title="The app", summary="It helps.", themes=[ThemeFactory(name="Banks")])
    add_figure(innovation, label="Hours released", value=41000)
    changes = changes_between(None, fresh(innovation))

    fields = {change.field: change for change in changes if isinstance(change, FieldChange)}
    assert {"title", "slug", "summary", "themes"} == set(fields)
    assert fields["title"].after[0].text == "The app"
    (figure,) = [change for change in changes if isinstance(change, ChildChange)]
    assert (figure.what, figure.relation) == ("added", "figures")
    assert "place_not_stated" not in [field.field for field in figure.fields]


def test_what_wagtail_keeps_for_itself_is_no_change() -> None:
    innovation = InnovationFactory(published=True)
    draft = fresh(innovation)
    draft.locked, draft.has_unpublished_changes, draft.version = True, True, 99
    draft.first_published_at = None

    assert changes_between(fresh(innovation), draft) == []


def test_a_source_that_is_gone_does_not_stop_the_comparison() -> None:
    innovation = InnovationFactory(published=True)
    evidence = EvidenceFactory()
    cite(innovation, evidence=evidence, finding="It helped.")
    before = fresh(innovation)
    before.evidence_links = list(before.evidence_links.all())
    fresh(innovation).evidence_links.get().delete()
    evidence.delete()

    assert sentences(before, fresh(innovation)) == ["Source removed: no longer in the catalogue."]


@pytest.mark.slow
@KINDS
def test_a_comparison_costs_the_same_for_one_row_as_for_twenty(factory: type) -> None:
    def queries(how_many: int) -> int:
        entry = factory(published=True, themes=ThemeFactory.create_batch(how_many))
        for _ in range(how_many):
            add_figure(entry, place=IcbFactory(), measure=MeasureFactory(), published=False)
            cite(entry, finding="It helped.", published=False)
            ClaimFactory(entry=entry)
            if factory is CaseStudyFactory:
                ParticipantFactory(case_study=entry, organisation=TrustFactory())
                LearningPointFactory(case_study=entry)
        publish(entry)
        draft = drafted(entry, change_every_row)
        live = fresh(entry)
        with CaptureQueriesContext(connection) as captured:
            changes = changes_between(live, draft)
        assert len(changes) > 3 * how_many
        return len(captured)

    assert queries(1) == queries(20)


def change_every_row(draft: Any) -> None:
    organisation = TrustFactory()
    draft.themes = [ThemeFactory()]
    for relation, field in (("figures", "method"), ("evidence_links", "finding"), ("claims", "said_by")):
        rows = list(getattr(draft, relation).all())
        for row in rows:
            setattr(row, field, f"Another {field}")
        setattr(draft, relation, rows)
    draft.other_names = [OtherName(name="Another")]
    if hasattr(draft, "participants"):
        draft.participants = [Participant(name="Another", organisation=organisation)]
        draft.learning_points = [LearningPoint(kind="lesson", text="Another")]


def test_hostile_words_are_shown_and_never_run() -> None:
    hostile = '<script>alert(1)</script> & "<img src=x onerror=y>"'
    innovation = InnovationFactory(published=True, title="Plain", summary="It helps <b>nurses</b>.")
    add_figure(innovation, label=hostile[:200], value=1)
    draft = drafted(innovation, setting(title=hostile, summary=f"It helps {hostile}.", figures=[]))

    page = render_to_string("components/changes.html", {"changes": changes_between(fresh(innovation), draft)})
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;") >= 4
