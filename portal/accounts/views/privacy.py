"""Taking a copy of all that is held of one, and erasing one's account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import privacy
from portal.accounts.models import AccountEvent
from portal.accounts.trail import record

WORD = "erase"
NOT_WRITTEN = f"Nothing is erased yet: write “{WORD}” here, if you mean it."


class EraseForm(forms.Form):
    word = forms.CharField(
        label=f"Write “{WORD}” to erase your account",
        error_messages={"required": NOT_WRITTEN},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"].strip().casefold()
        if word != WORD:
            raise forms.ValidationError(NOT_WRITTEN)
        return word


@login_required
@never_cache
@require_POST
def export_account(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    record(AccountEvent.Kind.EXPORTED, person=person, request=request)
    told = {"told_at": timezone.now(), **privacy.everything_of(person)}
    file = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    file["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return file


@reauthentication_required(app="allauth.account")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; posted with the word, erase the account."""
    person: Any = request.user
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            privacy.erase(person=person, request=request)
        except privacy.NotErased as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            messages.success(request, "Your account is erased.")
            return redirect("catalogue:home")
    return render(request, "accounts/erase.html", {"form": form}, status=400 if form.errors else 200)
