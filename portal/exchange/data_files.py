"""Read every data file and check what one file says of another, before anything is loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from portal.exchange.schema import (
    CaseStudyFile,
    ConfirmationPeriodsFile,
    EntryFile,
    EvidenceItem,
    InnovationFile,
    MeasureFile,
    NetworkClaimsFile,
    SharedEvidenceFile,
    SynonymsFile,
    TagsFile,
    WorkingTimeFile,
)
from portal.exchange.tables import Tables, read_tables
from portal.exchange.yaml_files import BrokenDataFile, read_yaml

Schema = TypeVar("Schema", bound=BaseModel)

TAGS = "portal/catalogue/tags.yaml"
SYNONYMS = "portal/catalogue/synonyms.yaml"
SHARED_EVIDENCE = "portal/evidence/shared.yaml"
NETWORK_CLAIMS = "portal/benefits/network_claims.yaml"
WORKING_TIME = "portal/benefits/working_time.yaml"
CONFIRMATION_PERIODS = "portal/adoption/confirmation_period.yaml"
MEASURES = "portal/benefits/measures"
TABLES = "portal/organisations/tables"
INNOVATIONS = "innovations/entries"
CASE_STUDIES = "casestudies/entries"


@dataclass(frozen=True)
class DataFiles:
    """Every data file's content; folders are keyed by file name without its ending."""

    root: Path
    tables: Tables
    tags: TagsFile
    synonyms: SynonymsFile
    shared_evidence: list[EvidenceItem]
    network_claims: NetworkClaimsFile
    working_time: WorkingTimeFile
    confirmation_periods: ConfirmationPeriodsFile
    measures: dict[str, MeasureFile]
    innovations: dict[str, InnovationFile]
    case_studies: dict[str, CaseStudyFile]

    def entries(self) -> Iterator[tuple[str, EntryFile]]:
        """Yield each entry's path from the root, and its content."""
        for slug, innovation in self.innovations.items():
            yield f"{INNOVATIONS}/{slug}.yaml", innovation
        for slug, case_study in self.case_studies.items():
            yield f"{CASE_STUDIES}/{slug}.yaml", case_study


def digests(root: Path) -> dict[str, str]:
    """Return the SHA-256 of every data file, by its path from the root."""
    folders = [INNOVATIONS, CASE_STUDIES, MEASURES, TABLES]
    paths = [
        root / name for name in (TAGS, SYNONYMS, SHARED_EVIDENCE, NETWORK_CLAIMS, WORKING_TIME, CONFIRMATION_PERIODS)
    ]
    for folder in folders:
        paths += sorted((root / folder).glob("*.yaml")) + sorted((root / folder).glob("*.csv"))
    return {str(path.relative_to(root)): sha256(path.read_bytes()).hexdigest() for path in paths}


class _Reader:
    """Reads files and keeps every problem, so that one run shows them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []

    def one(self, name: str, schema: type[Schema]) -> Schema | None:
        try:
            return read_yaml(self.root / name, schema, shown_as=Path(name))
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing")
        except BrokenDataFile as error:
            self.problems.append(str(error))
        return None

    def folder(self, name: str, schema: type[Schema]) -> dict[str, Schema]:
        paths = sorted((self.root / name).glob("*.yaml"))
        content = {path.stem: self.one(f"{name}/{path.name}", schema) for path in paths}
        return {stem: value for stem, value in content.items() if value is not None}

    def tables(self) -> Tables:
        try:
            return read_tables(self.root / TABLES)
        except BrokenDataFile as error:
            self.problems.append(str(error).replace(f"{self.root}/", ""))
            return Tables()


def read_data_files(root: Path) -> DataFiles:
    """Read and check every data file under `root`, or raise BrokenDataFile with all problems."""
    reader = _Reader(root)
    tags = reader.one(TAGS, TagsFile)
    synonyms = reader.one(SYNONYMS, SynonymsFile)
    shared = reader.one(SHARED_EVIDENCE, SharedEvidenceFile)
    claims = reader.one(NETWORK_CLAIMS, NetworkClaimsFile)
    working_time = reader.one(WORKING_TIME, WorkingTimeFile)
    periods = reader.one(CONFIRMATION_PERIODS, ConfirmationPeriodsFile)
    tables = reader.tables()
    measures = reader.folder(MEASURES, MeasureFile)
    innovations = reader.folder(INNOVATIONS, InnovationFile)
    case_studies = reader.folder(CASE_STUDIES, CaseStudyFile)
    if reader.problems or not (tags and synonyms and shared and claims and working_time and periods):
        raise BrokenDataFile("\n".join(reader.problems))
    files = DataFiles(
        root=root,
        tables=tables,
        tags=tags,
        synonyms=synonyms,
        shared_evidence=shared.evidence,
        network_claims=claims,
        working_time=working_time,
        confirmation_periods=periods,
        measures=measures,
        innovations=innovations,
        case_studies=case_studies,
    )
    problems = list(_cross_check(files))
    if problems:
        raise BrokenDataFile("\n".join(problems))
    return files


def _missing(path: str, key: str, wanted: Iterable[str | None], known: Iterable[str], what: str) -> Iterator[str]:
    names = set(known)
    for value in wanted:
        if value and value not in names:
            yield f"{path}: {key}: there is no {what} '{value}'"


def _cross_check(files: DataFiles) -> Iterator[str]:
    """Yield every reference to something that no file describes, and every key used twice."""
    yield from _slugs_used_twice(files)
    yield from _check_evidence(files)
    figures = {f"{path.split('/')[-1][:-5]}#{item.key}" for path, entry in files.entries() for item in entry.figures}
    for path, entry in files.entries():
        yield from _check_tags(files, path, entry)
        yield from _check_places(files, path, entry)
        yield from _check_figures(files, path, entry, figures)
    for index, claim in enumerate(files.network_claims.claims):
        yield from _missing(NETWORK_CLAIMS, f"claims.{index}.measure", [claim.measure], files.measures, "measure")


def _slugs_used_twice(files: DataFiles) -> Iterator[str]:
    for slug in sorted(set(files.innovations) & set(files.case_studies)):
        yield f"{CASE_STUDIES}/{slug}.yaml: (file name): an innovation already has the slug '{slug}'"


def _check_evidence(files: DataFiles) -> Iterator[str]:
    shared = {item.key for item in files.shared_evidence}
    owner: dict[str, str] = {}
    for path, entry in files.entries():
        known = {item.key for item in entry.evidence}
        for item in entry.evidence:
            where = f"{path}: evidence.{item.key}"
            if item.shared and item.key not in shared:
                yield f"{where}: is marked shared, but {SHARED_EVIDENCE} has no such key"
            if not item.shared and item.key in shared:
                yield f"{where}: {SHARED_EVIDENCE} describes it; set shared: true and drop the rest"
            if not item.shared and item.key in owner:
                yield f"{where}: {owner[item.key]} uses the same key; move the source to {SHARED_EVIDENCE}"
            if item.known_through and item.known_through not in known:
                yield f"{where}.known_through: '{item.known_through}' is not among this file's evidence"
            owner.setdefault(item.key, path)


def _check_tags(files: DataFiles, path: str, entry: EntryFile) -> Iterator[str]:
    lists = {key: key for key in ("themes", "plan_strands", "care_settings", "staff_groups", "workforce_challenges")}
    if isinstance(entry, InnovationFile):
        lists |= {"kinds": "innovation_kinds", "programmes": "programmes"}
    for key, name in lists.items():
        listed = {tag.slug for tag in getattr(files.tags, name)}
        yield from _missing(path, key, getattr(entry, key), listed, f"tag in {TAGS}")
    if isinstance(entry, CaseStudyFile):
        allowed = {theme.slug for theme in files.tags.themes if theme.for_case_studies}
        yield from _missing(path, "themes", entry.themes, allowed, "case-study theme")
        yield from _missing(path, "innovations_used", entry.innovations_used, files.innovations, "innovation")


def _check_places(files: DataFiles, path: str, entry: EntryFile) -> Iterator[str]:
    codes = files.tables.codes()
    wanted: dict[str, list[Any]] = {
        "lead_organisations": list(entry.lead_organisations),
        "places": list(entry.places),
        "owner_network": [entry.owner_network],
    }
    for index, fact in enumerate(entry.adoption):
        wanted[f"adoption.{index}"] = [*(fact.organisations or []), fact.place]
    if isinstance(entry, CaseStudyFile):
        wanted["participants"] = [participant.code for participant in entry.participants]
    for key, values in wanted.items():
        yield from _missing(path, key, values, codes, "organisation with the code")


def _check_figures(files: DataFiles, path: str, entry: EntryFile, figures: set[str]) -> Iterator[str]:
    slug = path.split("/")[-1].removesuffix(".yaml")
    codes = files.tables.codes() | {"not stated"}
    for item in entry.figures:
        where = f"figures.{item.key}"
        yield from _missing(path, f"{where}.measure", [item.measure], files.measures, "measure")
        yield from _missing(path, f"{where}.place", [item.place], codes, "organisation with the code")
        for key in ("restates", "supersedes", "contradicts"):
            other = getattr(item, key)
            full = other if not other or "#" in other else f"{slug}#{other}"
            yield from _missing(path, f"{where}.{key}", [full], figures, "figure")
