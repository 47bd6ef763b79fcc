"""Load all data files in one transaction, touching only what changed since the last load."""

from dataclasses import dataclass, field
from pathlib import Path

from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.catalogue.finding.documents import keep_missing_texts, keep_texts, texts_kept_at_the_end
from portal.catalogue.models import CatalogueVersion, Entry
from portal.exchange.data_files import DataFiles, digests, read_data_files
from portal.exchange.loading.entries import References, load_adoption, load_entry
from portal.exchange.loading.organisations import load_organisations, load_sources
from portal.exchange.loading.reference import (
    load_confirmation_periods,
    load_evidence,
    load_measures,
    load_network_claims,
    load_synonyms,
    load_tags,
    load_working_time,
)
from portal.exchange.models import LoadedFile
from portal.exchange.schema import EntryFile


@dataclass
class Report:
    """What a load did, by slug."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited_since: list[str] = field(default_factory=list)


def load_data_files(root: Path) -> Report | None:
    """Load every data file under `root`; return None when none changed since the last load.

    All or nothing: raises BrokenDataFile, with nothing loaded, if any file has a problem.
    An entry that people edited after its last load is left as they made it.
    """
    wanted = digests(root)
    keep_missing_texts()
    if wanted == dict(LoadedFile.objects.values_list("path", "digest")):
        return None
    files = read_data_files(root)
    with CatalogueVersion.moves_once(), texts_kept_at_the_end():
        return _load(files, wanted)


def _load(files: DataFiles, wanted: dict[str, str]) -> Report:
    report = Report()
    CatalogueVersion.move()
    loaded = {file.path: file for file in LoadedFile.objects.all()}
    load_tags(files)
    load_synonyms(files)
    load_measures(files)
    load_working_time(files)
    load_confirmation_periods(files)
    evidence = load_evidence(files)
    organisations = load_organisations(files.tables)
    load_sources(files.tables, organisations)
    load_network_claims(files, organisations, evidence)
    references = References(organisations=organisations, evidence=evidence)
    for path, entry_file in files.entries():
        file = loaded.get(path) or LoadedFile(path=path)
        _load_entry_file(file, entry_file, wanted[path], references, report)
    # Organisations may have got other names, which stand in the texts of entries that did not change.
    keep_texts(Entry.objects.public().values_list("pk", flat=True))
    _remember_others(wanted, loaded, {path for path, _ in files.entries()})
    return report


def _load_entry_file(file: LoadedFile, content: EntryFile, digest: str, references: References, report: Report) -> None:
    slug = Path(file.path).stem
    if file.digest == digest:
        report.unchanged.append(slug)
        return
    present = Entry.objects.filter(slug=slug).first()
    if present and present.version != file.entry_version:
        report.edited_since.append(slug)
        return
    entry = load_entry(slug, content, references)
    made = load_adoption(slug, entry, content, references)
    gone = [identifier for identifier in file.public_ids if identifier not in made]
    AdoptionRecord.objects.filter(public_id__in=gone).delete()
    CoverageClaim.objects.filter(public_id__in=gone).delete()
    file.digest, file.entry_version, file.public_ids = digest, entry.version, made
    file.save()
    (report.updated if present else report.created).append(slug)


def _remember_others(wanted: dict[str, str], loaded: dict[str, LoadedFile], entries: set[str]) -> None:
    for path, digest in wanted.items():
        if path not in entries:
            LoadedFile.objects.update_or_create(path=path, defaults={"digest": digest})
    LoadedFile.objects.filter(path__in=set(loaded) - set(wanted)).delete()
