"""The lists' FilterSets as the API takes them: through django-filter's own backend and any paginator."""

from typing import Any

import pytest
from django.http import QueryDict
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.test import APIRequestFactory

from innovations.filters import InnovationFilters
from innovations.models import Innovation
from portal.catalogue.filters import CatalogueFilters
from portal.catalogue.finding.index import current_index
from tests.factories import CaseStudyFactory, InnovationFactory, ThemeFactory

pytestmark = pytest.mark.django_db


class Titles(Serializer[Any]):
    def to_representation(self, instance: Any) -> str:
        return f"{type(instance).__name__} {instance.title}"


class TwoAtATime(PageNumberPagination):
    page_size = 2


class Innovations(ListAPIView[Any]):
    """As short as an API's list can be: what it answers comes from the FilterSet alone."""

    authentication_classes = ()
    permission_classes = ()
    queryset = Innovation.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = InnovationFilters
    serializer_class = Titles
    pagination_class = TwoAtATime


def ask(query: str) -> Response:
    return Innovations.as_view()(APIRequestFactory().get(f"/?{query}"))


def test_an_api_lists_what_the_page_finds_in_its_order(django_assert_num_queries: Any) -> None:
    theme = ThemeFactory(slug="banks")
    for title in ("C", "A", "B"):
        InnovationFactory(published=True, title=title, themes=[theme])
    InnovationFactory(published=True, title="Other")
    InnovationFactory(title="Draft", themes=[theme])
    CaseStudyFactory(published=True, title="Story", themes=[theme])
    current_index()
    with django_assert_num_queries(2):
        first = ask("theme=banks&sort=title").data
    assert (first["count"], first["results"]) == (3, ["Innovation A", "Innovation B"])
    assert ask("theme=banks&page=2").data["results"] == ["Innovation C"]
    assert ask("theme=nonsense").data["count"] == 4


def test_what_is_left_out_is_told_by_parameter() -> None:
    question = CatalogueFilters(QueryDict("q=%25&theme=x&sort=y&strength=99&_connector=OR")).question
    assert {name: len(said) for name, said in question.left_out.items()} == {
        "q": 1,
        "theme": 1,
        "strength": 1,
        "sort": 1,
    }
    assert (question.query.urlencode(), question.order) == ("", "title")
    assert CatalogueFilters(QueryDict("sort=benefit&measure=x")).question.left_out == {
        "measure": ["there is no measure “x”"]
    }
