"""What a plain list costs: django-filter, one GROUP BY a facet, a page of ten.

Beside it one constant answer through the portal's own middleware.
"""
# ruff: noqa: E402  Django is set up before its parts are imported

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

import django_filters
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from portal.catalogue.models import CareSetting, Entry, PlanStrand, StaffGroup, Theme
from portal.organisations.models import Organisation

FACETS = {
    "theme": ("themes__slug", Theme),
    "strand": ("plan_strands__slug", PlanStrand),
    "setting": ("care_settings__slug", CareSetting),
    "staff": ("staff_groups__slug", StaffGroup),
}
PAGE = engines["django"].from_string(
    "{{ total }}{% for name, counts in facets %}<h2>{{ name }}</h2>"
    "{% for value, count in counts %}<p>{{ value }} {{ count }}{% endfor %}{% endfor %}"
    "{% for entry in page %}<h3>{{ entry.title }}</h3><p>{{ entry.summary }}{% endfor %}"
)


class PlainFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains")
    kind = django_filters.CharFilter(field_name="kind")
    icb = django_filters.ModelMultipleChoiceFilter(
        field_name="places__code", to_field_name="code", queryset=Organisation.objects.icbs()
    )
    theme, strand, setting, staff = (
        django_filters.ModelMultipleChoiceFilter(field_name=field, to_field_name="slug", queryset=model.objects.all())
        for field, model in FACETS.values()
    )

    class Meta:
        model = Entry
        fields: list[str] = []


def plain_list(request: HttpRequest) -> HttpResponse:
    found = PlainFilterSet(request.GET, queryset=Entry.objects.public()).qs.order_by("title")
    entries = Entry.objects.filter(pk__in=found.order_by().values("pk")).order_by()
    fields = {"kind": "kind", "icb": "places__code", **{name: field for name, (field, _) in FACETS.items()}}
    counted: list[Any] = [
        (name, entries.values_list(field).annotate(Count("pk", distinct=True))) for name, field in fields.items()
    ]
    page = Paginator(found, 10).get_page(request.GET.get("page"))
    told = {"facets": counted, "page": page.object_list.prefetch_related("themes"), "total": page.paginator.count}
    return HttpResponse(PAGE.render(told))


CONSTANT = Path(os.environ["VAR_DIR"]) / "constant.html"


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONSTANT.read_bytes())


urlpatterns = [path("plain/", plain_list), path("constant/", constant)]
settings.ROOT_URLCONF = "bench.plain_list"
application = WSGIHandler()
