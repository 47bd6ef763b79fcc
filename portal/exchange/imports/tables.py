"""The tables that can be imported: one sheet of the workbook each, or one CSV file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from import_export.resources import Resource
from import_export.widgets import Widget

from casestudies.models import CaseStudy, LearningPoint, Participant
from innovations.models import Innovation
from portal.adoption.models import AdoptionRecord, Stage
from portal.benefits.models import Basis, BenefitFigure
from portal.catalogue.models import Claim, Entry, EntryEvidence, OtherName
from portal.core.quantities import Qualifier
from portal.evidence.models import Evidence
from portal.exchange.imports.cells import CLEAR
from portal.exchange.imports.columns import (
    Choice,
    Column,
    Day,
    Named,
    Names,
    Number,
    PartialDay,
    PeriodColumn,
    PlaceColumn,
    Pointing,
    Several,
    Slug,
    Text,
    Tick,
    WebAddress,
    Wrong,
    YesNo,
)

LARGE = 2_147_483_647
EMPTY = "It is empty."


class Rows(Resource):
    """A table's columns as django-import-export has them; every cell that can't be read is told, not the first."""

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **more: Any) -> None:
        try:
            super().import_field(field, instance, row, is_m2m, known=more["known"])
        except Wrong as wrong:
            more["problems"].append(problem(field.label, row[field.key], str(wrong), wrong.fix))


def problem(column: str, value: str, text: str, fix: str) -> dict[str, str]:
    """Describe what is wrong with a cell, as it is kept and shown."""
    return {"column": column, "value": value[:200], "problem": text, "fix": fix}


@dataclass(frozen=True)
class Table:
    """One sheet: what a row of it is, its columns, and by which of them a row is known again."""

    key: str
    sheet: str
    one: str
    model: type[Any]
    columns: tuple[Column, ...]
    relation: str = ""
    known_by: tuple[str, ...] = ()

    @cached_property
    def resource(self) -> Rows:
        made: Rows = type(f"{self.key}Rows", (Rows,), {column.key: column for column in self.columns})()
        return made

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def own_columns(self) -> tuple[Column, ...]:
        """The columns whose values are the row's: all but the one that names its entry."""
        return tuple(column for column in self.columns if column.key != ENTRY_KEY)

    def texts(self, instance: Any, known: Any, keys: Iterable[str] | None = None) -> dict[str, str]:
        """Write a row's cells, as they are exported; `keys` are the columns wanted."""
        wanted = self.by_key if keys is None else keys
        return {key: str(self.by_key[key].export(instance, known=known)) for key in wanted if key != ENTRY_KEY}

    def read(self, instance: Any, cells: Mapping[str, str], known: Any) -> list[dict[str, str]]:
        """Put a row's cells into an instance; an empty cell leaves what is there. Return every problem."""
        problems: list[dict[str, str]] = []
        row = {key: "" if text == CLEAR else text for key, text in cells.items() if text and key != ENTRY_KEY}
        self.resource.import_instance(instance, row, known=known, problems=problems)
        told = {item["column"] for item in problems}
        for column in self.own_columns:
            if column.needed and column.label not in told and column.is_empty(instance):
                fix = column.hint or f"Write the {column.label.lower()}."
                problems.append(problem(column.label, cells.get(column.key, ""), EMPTY, fix))
        return problems

    def identity(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(texts.get(key, "").casefold() for key in self.known_by)


ENTRY_KEY = "entry"


def _entry_column() -> Column:
    return Column(ENTRY_KEY, "Entry", Slug(100), hint="The entry’s address, as in the first column of its own sheet.")


def _text(model: type[Any], key: str, label: str = "", **more: Any) -> Column:
    field = model._meta.get_field(key)
    most = field.max_length or 20_000
    hint = more.pop("hint", "") or str(field.help_text)
    widget = more.pop("widget", None) or Text(most)
    return Column(key, label or _capital(str(field.verbose_name)), widget, hint=hint, **more)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _choice(model: type[Any], key: str, choices: Any, label: str = "", **more: Any) -> Column:
    return _text(model, key, label, widget=Choice(choices), **more)


def _several(key: str, label: str, listed: str, what: str) -> Column:
    return Column(key, label, Several(listed, what=what), hint="Several with a semicolon between them.")


ADDRESS_HINT = "The last part of its page’s address, as in night-rota-app. Empty for a new one: made from its title."


def _of_both(themes: str) -> tuple[Column, ...]:
    names = Names(OtherName, "name", most=160)
    return (
        Column("address", "Address", Slug(100), attribute="slug", hint=ADDRESS_HINT, also=["slug"]),
        _text(Entry, "title", needed=True, hint="Its name, in at most 160 characters.", also=["name"]),
        Column("other_names", "Other names", names, hint="Several with a semicolon between them."),
        _text(Entry, "summary"),
        _text(Entry, "challenge"),
        _several("themes", "Themes", themes, "theme"),
        _several("plan_strands", "Plan strands", "plan_strands", "plan strand"),
        _several("care_settings", "Care settings", "care_settings", "care setting"),
        _several("staff_groups", "Staff groups", "staff_groups", "staff group"),
        _several("workforce_challenges", "Workforce challenges", "workforce_challenges", "workforce challenge"),
        _several("lead_organisations", "Lead organisations", "organisations", "organisation"),
        _several("places", "Places", "areas", "board, region or country"),
        _text(Entry, "family", widget=Slug(60)),
        _text(Entry, "policy_answered"),
        _choice(Entry, "scope", Entry.Scope),
        _text(Entry, "where_it_may_not_work"),
        _text(Entry, "what_it_needs"),
        _text(Entry, "contact_role"),
        _text(Entry, "caveats"),
        Column("last_reviewed_on", "Last reviewed", Day(), hint=Day.FIX),
        Column("next_review_on", "Next review", Day(), hint=Day.FIX),
    )


INNOVATIONS = Table(
    "innovations",
    "Innovations",
    "innovation",
    Innovation,
    (
        *_of_both("themes"),
        _several("kinds", "Kinds", "innovation_kinds", "kind of innovation"),
        _several("programmes", "Programmes", "programmes", "programme"),
        _text(Innovation, "supplier_or_lead"),
        _text(Innovation, "how_it_works"),
        _text(Innovation, "eligibility"),
        _choice(Innovation, "cost_band", Innovation.CostBand),
        _text(Innovation, "cost_drivers"),
        _choice(Innovation, "ease_of_adoption", Innovation.Ease),
        _choice(Innovation, "nice_status", Innovation.NiceStatus),
        _text(Innovation, "nice_reference"),
    ),
    known_by=("address",),
)

CASE_STUDIES = Table(
    "case_studies",
    "Case studies",
    "case study",
    CaseStudy,
    (
        *_of_both("case_study_themes"),
        _text(CaseStudy, "system"),
        _text(CaseStudy, "period"),
        _choice(CaseStudy, "status", CaseStudy.Status),
        _text(CaseStudy, "status_note"),
        _text(CaseStudy, "approach"),
        _text(CaseStudy, "outcomes"),
        _choice(CaseStudy, "agreement", CaseStudy.Agreement),
        _choice(CaseStudy, "bank_model", CaseStudy.BankModel),
        _choice(CaseStudy, "lessons_reading", CaseStudy.Reading),
        _several("innovations_used", "Innovations used", "innovations", "innovation"),
    ),
    known_by=("address",),
)


def _source(key: str = "source", label: str = "Source", **more: Any) -> Column:
    more.setdefault("hint", "The key, DOI or web address of a source, here or on the sheet “Evidence”.")
    return Pointing(key, label, Named("sources", what="source"), attribute="evidence", **more)


def _of_source(key: str, label: str = "", widget: Widget | None = None, **more: Any) -> Column:
    column = _text(Evidence, key, label, widget=widget, **more)
    return Column(column.key, column.label, column.widget, attribute=f"evidence__{key}", hint=column.hint)


SOURCES = Table(
    "evidence",
    "Evidence",
    "source",
    EntryEvidence,
    (
        _entry_column(),
        Column(
            "source",
            "Source",
            Slug(80),
            attribute="evidence__key",
            hint="A short name of your own, as in smith-2024, by which figures name it. Empty: made from its title.",
            also=["key"],
        ),
        _of_source("title"),
        _of_source("publisher"),
        _of_source("published", widget=PartialDay()),
        _of_source("date_inferred", widget=Tick()),
        _of_source("url", "Web address", WebAddress(500)),
        _of_source("doi"),
        _of_source("type", widget=Choice(Evidence.Type)),
        _of_source("design_level", widget=Number(places=0, least=1, most=5)),
        _of_source("independence", widget=Choice(Evidence.Independence)),
        _of_source("setting", widget=Choice(Evidence.Setting)),
        _of_source("sample"),
        _of_source("read_extent", "How much was read", Choice(Evidence.ReadExtent)),
        _text(EntryEvidence, "finding"),
        _text(EntryEvidence, "locator"),
    ),
    relation="evidence_links",
    known_by=("source",),
)


class FigureName(Widget):
    """Another figure: by its key, or by "address#key" of another entry."""

    def clean(self, value: str, row: Any = None, *, known: Any = None, **more: Any) -> Any:
        if not value:
            return None
        if (found := known.figure_named(value)) is None:
            raise Wrong("There is no such figure.", "Write the key of a figure of this entry, or other-entry#key.")
        return found

    def render(self, value: Any, obj: Any = None, *, known: Any = None, **more: Any) -> str:
        return known.name_of_figure(value) if value else ""


def _figure(key: str, label: str) -> Column:
    return _text(BenefitFigure, key, label, widget=FigureName(), hint="The figure’s key; other-entry#key elsewhere.")


FIGURES = Table(
    "figures",
    "Figures",
    "figure",
    BenefitFigure,
    (
        _entry_column(),
        _text(
            BenefitFigure,
            "key",
            widget=Slug(80),
            hint="Short and stable within the entry. Empty: made from what it counts.",
        ),
        _text(BenefitFigure, "label", "What it counts", needed=True, also=["label"]),
        Pointing(
            "measure", "Measure", Named("measures", what="measure"), needed=True, hint="One of the site’s measures."
        ),
        Column("value", "Value", Number(), needed=True, hint="A number, without its unit."),
        Column("low", "Low", Number()),
        Column("high", "High", Number()),
        _choice(BenefitFigure, "qualifier", Qualifier, hint="Empty: exactly."),
        _text(BenefitFigure, "counted"),
        _text(BenefitFigure, "per"),
        _choice(BenefitFigure, "role", BenefitFigure.Role, needed=True, hint="A benefit, a baseline, a target."),
        _choice(BenefitFigure, "basis", Basis, needed=True, hint="Observed, modelled, or not stated."),
        _choice(BenefitFigure, "achievement", BenefitFigure.Achievement, needed=True, hint="Achieved or potential."),
        _choice(BenefitFigure, "change", BenefitFigure.Change, "Up or down"),
        PeriodColumn(),
        _text(BenefitFigure, "period_note"),
        PlaceColumn(),
        _text(BenefitFigure, "place_note"),
        _text(BenefitFigure, "monetised", widget=YesNo()),
        _choice(BenefitFigure, "gross_or_net", BenefitFigure.GrossOrNet),
        _choice(BenefitFigure, "horizon", BenefitFigure.Horizon),
        _text(BenefitFigure, "cash_releasing", widget=YesNo()),
        Column("price_year", "Price year", Number(places=0, least=1948, most=2100), hint="2024 for 2024/25."),
        _text(BenefitFigure, "population"),
        Column("population_size", "Population size", Number(places=0, least=0, most=LARGE)),
        _text(BenefitFigure, "staff_group"),
        _text(BenefitFigure, "method"),
        _text(BenefitFigure, "attribution_share", widget=Number(places=3, least=0, most=1)),
        _source(needed=True),
        _text(BenefitFigure, "locator"),
        _figure("restates", "Restates"),
        _figure("supersedes", "Supersedes"),
        _figure("contradicts", "Contradicts"),
        _text(BenefitFigure, "overlap_group", widget=Slug(60)),
        _text(BenefitFigure, "note"),
    ),
    relation="figures",
    known_by=("key",),
)

PARTICIPANTS = Table(
    "participants",
    "Participants",
    "participant",
    Participant,
    (
        _entry_column(),
        _text(Participant, "name", needed=True, hint="The organisation, as the source names it."),
        _text(Participant, "role"),
        Pointing("organisation", "Organisation’s code", Named("organisations", what="organisation")),
    ),
    relation="participants",
    known_by=("name", "role"),
)

LEARNING = Table(
    "learning",
    "What was learned",
    "enabler, barrier or lesson",
    LearningPoint,
    (
        _entry_column(),
        _choice(LearningPoint, "kind", LearningPoint.Kind, needed=True, hint="Enabler, barrier or lesson."),
        _choice(LearningPoint, "barrier_kind", LearningPoint.BarrierKind, hint="For a barrier alone."),
        _text(LearningPoint, "text", needed=True, hint="One sentence."),
    ),
    relation="learning_points",
    known_by=("kind", "text"),
)

CLAIMS = Table(
    "claims",
    "Claims without a source",
    "claim",
    Claim,
    (_entry_column(), _text(Claim, "statement", needed=True), _text(Claim, "said_by")),
    relation="claims",
    known_by=("statement",),
)

ADOPTION = Table(
    "adoption",
    "Adoption",
    "adoption record",
    AdoptionRecord,
    (
        _entry_column(),
        Pointing(
            "organisation",
            "Organisation",
            Named("adopters", what="trust or board"),
            needed=True,
            hint="The code of a trust or board.",
        ),
        _choice(AdoptionRecord, "stage", Stage, needed=True, hint="How far it is."),
        _text(
            AdoptionRecord,
            "on",
            "When",
            widget=PartialDay(past=True),
            hint=f"{PartialDay.FIX} A new record needs it.",
            also=["on", "date"],
        ),
        _choice(AdoptionRecord, "stop_reason", AdoptionRecord.StopReason, "If it stopped, why", also=["stop reason"]),
        _text(AdoptionRecord, "extent", "How far", also=["extent"]),
        _text(AdoptionRecord, "note"),
        _text(AdoptionRecord, "said_by", "Who said so", hint="A role, never a name.", also=["said by"]),
        _source(hint="A source, where one says so."),
    ),
    known_by=("organisation", "stage", "on"),
)

KINDS = (INNOVATIONS, CASE_STUDIES)
CHILDREN = (SOURCES, FIGURES, PARTICIPANTS, LEARNING, CLAIMS)
TABLES: Sequence[Table] = (*KINDS, *CHILDREN, ADOPTION)
BY_KEY = {table.key: table for table in TABLES}
