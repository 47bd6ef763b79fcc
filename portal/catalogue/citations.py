"""How a published version is cited: as a sentence, and in the formats that reference managers take."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import rispy
from django.conf import settings
from django.utils import timezone
from pylatexenc.latexencode import unicode_to_latex

from portal.catalogue.models import Entry, EntryChange
from portal.core.formatting import format_date

BIBTEX_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Citation:
    """One version as others cite it. Its author is the portal: nobody's name is public."""

    slug: str
    title: str
    version: int
    published: date
    address: str

    @property
    def whole_address(self) -> str:
        return f"{settings.SITE_URL}{self.address}"

    @property
    def text(self) -> str:
        day = format_date(self.published)
        title = self.title.rstrip(".")
        return f"{settings.SITE_NAME}. {title}. Version {self.version}, {day}. {self.whole_address}"

    @property
    def key(self) -> str:
        """What a bibliography calls it."""
        return f"{self.slug}-v{self.version}"

    @property
    def files(self) -> list[tuple[str, str]]:
        """Return the formats' names with their addresses."""
        return [(one.label, f"{self.address}citation.{ending}") for ending, one in FORMATS.items()]


def citation_of(entry: Entry, *, title: str, version: int, published: date) -> Citation:
    one_line = " ".join(title.split())
    return Citation(entry.slug, one_line, version, published, entry.get_version_url(version))


def as_bibtex(citation: Citation) -> str:
    """Write it as an entry of BibTeX. Double braces keep names and titles as they are written."""
    day = citation.published
    fields = {
        "author": f"{{{_latex(settings.SITE_NAME)}}}",
        "title": f"{{{_latex(citation.title)}}}",
        "year": str(day.year),
        "date": day.isoformat(),
        "version": str(citation.version),
        "note": f"Version {citation.version}, {format_date(day)}",
        "url": citation.whole_address,
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items()]
    lines.insert(3, f"  month = {BIBTEX_MONTHS[day.month - 1]},\n")
    return f"@misc{{{citation.key},\n{''.join(lines)}}}\n"


def _latex(text: str) -> str:
    # What LaTeX has no name for stays as it is: today's engines read UTF-8.
    return str(unicode_to_latex(text, unknown_char_policy="keep", unknown_char_warning=False))


def as_ris(citation: Citation) -> str:
    day = citation.published
    return str(
        rispy.dumps(
            [
                {
                    "type_of_reference": "ELEC",
                    "id": citation.key,
                    "authors": [settings.SITE_NAME],
                    "title": citation.title,
                    "edition": f"Version {citation.version}",
                    "publisher": settings.SITE_NAME,
                    "year": str(day.year),
                    "date": f"{day:%Y/%m/%d}/",
                    "language": "en-GB",
                    "urls": [citation.whole_address],
                }
            ]
        )
    ).removeprefix("1.\n")


def as_csl(citation: Citation) -> str:
    """Write it as CSL-JSON, a list of one."""
    day = citation.published
    told = {
        "id": citation.key,
        "type": "webpage",
        "author": [{"literal": settings.SITE_NAME}],
        "title": citation.title,
        "container-title": settings.SITE_NAME,
        "version": str(citation.version),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "language": "en-GB",
        "URL": citation.whole_address,
    }
    return json.dumps([told], ensure_ascii=False, indent=1) + "\n"


class Format(NamedTuple):
    label: str
    media_type: str
    write: Callable[[Citation], str]


FORMATS = MappingProxyType(
    {
        "bib": Format("BibTeX", "application/x-bibtex", as_bibtex),
        "ris": Format("RIS", "application/x-research-info-systems", as_ris),
        "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", as_csl),
    }
)


def published_citation(entry: Entry, number: int) -> Citation | None:
    """Return the citation of one version of a public entry; None if no copy of it is kept. One query."""
    kept = EntryChange.objects.filter(entry=entry.pk, version=number, kept__isnull=False).first()
    if kept is None:
        return None
    return citation_of(entry, title=kept.title, version=number, published=timezone.localdate(kept.at))
