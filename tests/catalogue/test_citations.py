"""Versions cited in the formats of reference managers: each can be read back, whatever the title holds."""

import json
import warnings
from datetime import date
from typing import Any

import pytest
import rispy
from django.conf import settings
from django.test import Client
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from portal.catalogue.citations import FORMATS, as_bibtex, as_csl, as_ris, citation_of
from portal.catalogue.services import publish_entry, withdraw_entry
from tests.factories import CaseStudyFactory, InnovationFactory, UserFactory

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports
    from citeproc import Citation as Cited
    from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

TITLES = [
    "Sleepio",
    "50% off & £5_000 for #1: $ome {odd} “naïve” ~ title",
    "un{balanced \\ and } back",
    "ER  - \nTY  - JOUR",
    "@misc{x, title = {y}}",
    "Łódź, 日本 – ½",
]


def cited(title: str) -> Any:
    entry = InnovationFactory.build(slug="a-slug", title=title, kind="innovation")
    return citation_of(entry, title=title, version=3, published=date(2026, 3, 5))


@pytest.mark.parametrize("title", TITLES)
def test_what_is_written_can_be_read_back(title: str) -> None:
    citation, one_line = cited(title), " ".join(title.split())
    address = f"{settings.SITE_URL}/innovations/a-slug/versions/3/"

    [(key, entry)] = parse_string(as_bibtex(citation), "bibtex").entries.items()
    assert (key, entry.type, entry.fields["url"]) == ("a-slug-v3", "misc", address)
    assert LatexNodes2Text().latex_to_text(entry.fields["title"]).strip("{}") == one_line.strip("{}")
    assert (entry.fields["year"], entry.fields["month"], entry.fields["version"]) == ("2026", "March", "3")
    assert "".join(entry.persons["author"][0].last_names) == f"{{{settings.SITE_NAME}}}"

    [record] = rispy.loads(as_ris(citation))
    assert (record["type_of_reference"], record["title"]) == ("ELEC", one_line)
    assert (record["urls"], record["edition"], record["date"]) == ([address], "Version 3", "2026/03/05/")

    [told] = json.loads(as_csl(citation))
    assert (told["title"], told["URL"], told["issued"]) == (one_line, address, {"date-parts": [[2026, 3, 5]]})


def test_a_citation_processor_sets_it_in_a_style() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # what it does not know it warns of
        source = CiteProcJSON(json.loads(as_csl(cited("Staff bank"))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the style's own
        bibliography = CitationStylesBibliography(
            CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain
        )
        bibliography.register(Cited([CitationItem("a-slug-v3")]))
        text = str(bibliography.bibliography()[0])
    assert text.startswith(f"{settings.SITE_NAME} (2026) Staff bank")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "address"), [(InnovationFactory, "innovations"), (CaseStudyFactory, "case-studies")]
)
def test_every_published_version_is_cited_as_it_was(client: Client, factory: Any, address: str) -> None:
    entry = factory(published=True, slug="bank", title="Bank")
    entry = type(entry).objects.get(pk=entry.pk)
    entry.title = "Bank of all"
    entry.save_revision(clean=False)

    def cite(number: int, ending: str = "ris") -> Any:
        return client.get(f"/{address}/bank/versions/{number}/citation.{ending}")

    assert (cite(1).status_code, cite(2).status_code, cite(1, "doc").status_code) == (200, 404, 404)
    publish_entry(entry=entry)
    assert [rispy.loads(cite(number).text)[0]["title"] for number in (1, 2)] == ["Bank", "Bank of all"]
    for page, number in ((f"/{address}/bank/", 2), (f"/{address}/bank/versions/1/", 1)):
        shown = client.get(page).text
        for ending, one in FORMATS.items():
            assert f'href="/{address}/bank/versions/{number}/citation.{ending}"' in shown
            assert cite(number, ending)["Content-Type"].startswith(one.media_type)
    assert client.get(f"/{address}/bank/changes/").text.count("citation.bib") == 2
    tag = cite(1)["ETag"]
    again = client.get(f"/{address}/bank/versions/1/citation.ris", headers={"if-none-match": tag})
    assert again.status_code == 304
    withdraw_entry(entry=entry, by=UserFactory(), reason="Test")
    assert cite(1).status_code == 404
