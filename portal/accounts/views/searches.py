"""One's searches: kept, renamed, told of by e-mail or not, deleted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import searches
from portal.accounts.models import SavedSearch


class SearchForm(forms.ModelForm[SavedSearch]):
    class Meta:
        model = SavedSearch
        fields = ["name", "digest"]
        labels = {"name": "Name", "digest": "E-mail with what is new or changed"}
        error_messages = {"name": {"required": "Give the search a name, so that you know it again"}}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep the search that the address names; its link stands on the list."""
    path, query = request.GET.get("list", ""), request.GET.get("query", "")[:2000]
    form = SearchForm(
        request.POST if request.method == "POST" else None, initial={"name": QueryDict(query).get("q", "")[:120]}
    )
    try:
        kept = searches.query_to_keep(path, query)
        if form.is_bound and form.is_valid():
            searches.keep_search(person=_person(request), path=path, query_string=query, **form.cleaned_data)
            messages.success(request, f"“{form.cleaned_data['name']}” is kept.")
            return redirect("accounts:account")
    except searches.SearchRefused as problem:
        form.is_valid()
        form.add_error(None, str(problem)) if form.is_bound else messages.error(request, str(problem))
        if not form.is_bound:
            return redirect("catalogue:list")
        kept = query
    shown = {"form": form, "address": f"{path}?{kept}"}
    return render(request, "accounts/search.html", shown, status=400 if form.errors else 200)


def _person(request: HttpRequest) -> Any:
    return request.user


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_search(request: HttpRequest, pk: int) -> HttpResponse:
    search = get_object_or_404(SavedSearch, pk=pk, user=_person(request))
    form = SearchForm(request.POST or None, initial={"name": search.name, "digest": search.digest})
    if form.is_bound and form.is_valid():
        try:
            searches.change_search(search=search, **form.cleaned_data)
        except searches.SearchRefused as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"“{search.name}” is changed.")
            return redirect("accounts:account")
    shown = {"form": form, "search": search, "address": search.address}
    return render(request, "accounts/search.html", shown, status=400 if form.errors else 200)


@login_required
@require_POST
def delete_search(request: HttpRequest, pk: int) -> HttpResponse:
    search = get_object_or_404(SavedSearch, pk=pk, user=_person(request))
    search.delete()
    messages.success(request, f"“{search.name}” is deleted.")
    return redirect("accounts:account")
