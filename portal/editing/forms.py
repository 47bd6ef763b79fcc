"""The form of an entry, as drafts are written in it."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.models import register_form_field_override

from portal.accounts.permissions import Action, networks_where, within_reach
from portal.catalogue.models import Entry
from portal.core.constraints import field_by_message
from portal.core.formatting import exact_number, format_partial_date
from portal.core.keys import key_in, keys_in
from portal.editing.attachments import AttachmentInput, check_attachment
from portal.editing.choosers import Fetched
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation

LONGEST_KEY = 60
DOI_ADDRESS = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
ADDRESS_START = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
NOT_A_NUMBER = "Enter the number alone, as in 12000 or 0.5."
ADDRESS_TAKEN = "Another entry has this address. Choose other words."
# An address typed without its scheme is taken for https.
register_form_field_override(models.URLField, override={"assume_scheme": "https"})


class NumberWithoutZeros(forms.TextInput):
    """A stored 71027.0000 reads as 71027. What is no number stays in the field: a browser's own would send nothing."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return exact_number(value) if isinstance(value, Decimal) else super().format_value(value)


class SeveralRows(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows chosen among those offered. A number too large to be a key is refused like any other that isn't offered."""

    def clean(self, value: Any) -> Any:
        for choice in value or []:
            if key_in(choice) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": choice}
                )
        return super().clean(value)


register_form_field_override(
    models.DecimalField, override={"widget": NumberWithoutZeros, "error_messages": {"invalid": NOT_A_NUMBER}}
)
register_form_field_override(models.ManyToManyField, override={"form_class": SeveralRows})


def is_address_taken(slug: str, *, but_by: Entry) -> bool:
    """Say whether an entry of either kind has this address, other than this one."""
    return Entry.objects.filter(slug=slug).exclude(pk=but_by.pk).exists()


class EntryForm(WagtailAdminModelForm):
    """A draft may lack anything but its title, address and network; what it has must be right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # The owner decides who may see a draft, so no draft carries one; others have cited a published address.
            self._show_owner()
            self.fields["slug"].disabled = bool(self.instance.first_published_at)
        else:
            self._offer_own_networks()
        self._offer_entries_in_reach()
        self._fetch_what_is_chosen()

    def _show_owner(self) -> None:
        owner = Organisation.objects.filter(pk=self.instance.owner_network_id)
        help_text = "The network that keeps the entry true. A publisher changes it on the page that compares."
        self.fields["owner_network"] = forms.ModelChoiceField(
            owner, label="Network", help_text=help_text, empty_label="None yet", required=False, disabled=True
        )

    def _fetch_what_is_chosen(self) -> None:
        """Fetch what the rows' choosers show with one query a model, however many rows there are."""
        rows = [form for formset in self.formsets.values() for form in formset.forms]
        fields = [(row, name, field) for row in rows for name, field in row.fields.items()]
        choosers = [(row[name].value(), field.widget) for row, name, field in fields if _is_chooser(field)]
        for model in {widget.model_class for _, widget in choosers}:
            widgets = [(value, widget) for value, widget in choosers if widget.model_class is model]
            found = model.objects.in_bulk(keys_in(value for value, _ in widgets))
            for _, widget in widgets:
                widget.fetched = {str(pk): row for pk, row in found.items()}

    def _offer_entries_in_reach(self) -> None:
        """Where an entry names others, offer those that are published and the person's own."""
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and issubclass(queryset.model, Entry):
                own = within_reach(queryset, self.for_user).values("pk")
                field.queryset = queryset.filter(Q(live=True) | Q(pk__in=own))

    def _offer_own_networks(self) -> None:
        networks = Organisation.objects.filter(kind=Organisation.Kind.NETWORK)
        reach = networks_where(self.for_user, [Action.ADD])
        if None not in reach:
            networks = networks.filter(pk__in=[pk for pk in reach if pk])
        field = forms.ModelChoiceField(
            networks,
            label="Network",
            help_text="The network that keeps the entry true. Only its people see the draft.",
            initial=networks.first() if len(reach) == 1 else None,
        )
        self.fields["owner_network"] = field

    def is_valid(self) -> bool:
        is_valid = bool(super().is_valid())
        for form in (self, *(row for formset in self.formsets.values() for row in formset.forms)):
            _tell_beside_the_field(form)
        return is_valid

    def clean_slug(self) -> str:
        """Refuse an address that an entry of either kind has."""
        slug: str = self.cleaned_data["slug"]
        if is_address_taken(slug, but_by=self.instance):
            raise forms.ValidationError(ADDRESS_TAKEN)
        return slug

    def save(self, commit: bool = True) -> Entry:
        self._name_figures()
        entry: Entry = super().save(commit)
        return entry

    def _name_figures(self) -> None:
        """Give each new figure the key by which data files and other figures name it."""
        formset = getattr(self, "formsets", {}).get("figures")
        rows = [form.instance for form in formset.forms] if formset else []
        taken = {row.key for row in rows if row.key}
        for row in rows:
            if not row.key:
                base = slugify(row.label)[:LONGEST_KEY] or "figure"
                row.key = base if base not in taken else f"{base}-{str(row.public_id)[:8]}"
                taken.add(row.key)


def _tell_beside_the_field(form: Any) -> None:
    """Say what a constraint says beside a field it is about; Django says it above them all."""
    errors = form.errors.pop(NON_FIELD_ERRORS, None)
    fields = field_by_message(form._meta.model) if errors else {}
    for message in errors or ():
        field = fields.get(message)
        form.add_error(field if field in form.fields else None, message)


def _is_chooser(field: forms.Field) -> bool:
    return isinstance(field.widget, Fetched)


class EvidenceForm(WagtailAdminModelForm):
    """A source. One that is here already is named instead of being made again."""

    is_another = forms.BooleanField(
        label="It is another source with the same title", required=False, widget=forms.HiddenInput
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = Evidence
        fields: tuple[str, ...] = (
            *("title", "publisher", "published", "date_inferred", "url", "doi", "type", "design_level"),
            *("independence", "setting", "sample", "read_extent", "known_through", "attachment"),
        )
        labels = {"url": "Web address", "read_extent": "How much of it we read"}
        widgets = {"attachment": AttachmentInput}
        help_texts = {
            "title": "As printed on it.",
            "publisher": "Who published it, as in: NHS England.",
            "published": "A year (2023), a month (2023-06) or a day (2023-06-14). Empty: undated.",
            "url": "Where it can be read, as in: https://www.nice.org.uk/guidance/mtg70",
            "doi": "As in: 10.1136/bmjopen-2023-000001. An address of doi.org is taken too.",
            "type": "What kind of study or document it is; the strength rests on it. Empty: not assessed.",
            "independence": "Who stands behind it. Empty: not stated.",
            "setting": "Where it was done. Empty: not stated.",
            "sample": "Whom or what it looked at, as in: 10,704 patients of nine practices.",
            "read_extent": "Empty: not stated.",
            "attachment": "PDF, Word, Excel, PNG or JPEG, up to 20 MB.",
        }

    field_order = ("title", "is_another")

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_doi(self) -> str:
        """Keep the DOI alone, however it was copied."""
        return DOI_ADDRESS.sub("", self.cleaned_data["doi"].strip())

    def clean_attachment(self) -> Any:
        attachment = self.cleaned_data["attachment"]
        if attachment and hasattr(attachment, "content_type"):
            check_attachment(attachment)
        return attachment

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        others = Evidence.objects.exclude(pk=self.instance.pk)
        for name, is_same in (("doi", has_doi), ("url", has_address)):
            found = others.filter(is_same(cleaned[name])).first() if cleaned.get(name) else None
            if found:
                self.add_error(name, f"This source is here already: {_told(found)}. Choose it instead.")
        self._ask_about_title(others, cleaned)
        return cleaned

    def _ask_about_title(self, others: "models.QuerySet[Evidence]", cleaned: dict[str, Any]) -> None:
        """Two reports may have one title, so this alone is asked about and not refused."""
        found = others.filter(title__iexact=cleaned["title"]).first() if cleaned.get("title") else None
        if found:
            self.fields["is_another"].widget = forms.CheckboxInput()
            if not cleaned.get("is_another"):
                told = f"A source with this title is here already: {_told(found)}."
                self.add_error("title", f"{told} Choose it instead, or tick the box below.")

    def save(self, commit: bool = True) -> Evidence:
        if not self.instance.key:
            self.instance.key = f"{slugify(self.instance.title)[:60]}-{uuid4().hex[:8]}".lstrip("-")
        if "url" in self.changed_data:
            self.instance.unanswered_on = None
        if "doi" in self.changed_data:
            self.instance.doi_unanswered_on = None
        evidence: Evidence = super().save(commit)
        return evidence


class NewSourceForm(EvidenceForm):
    """A source that wasn't found, written down where it was looked for."""

    class Meta(EvidenceForm.Meta):
        fields = tuple(name for name in EvidenceForm.Meta.fields if name not in ("date_inferred", "known_through"))


def _told(source: Evidence) -> str:
    known = [source.publisher, format_partial_date(source.published)]
    return f"“{source.title}”" + (f" ({', '.join(filter(None, known))})" if any(known) else "")


def has_doi(doi: str) -> Q:
    """Find a source by its DOI, however that was copied."""
    doi = DOI_ADDRESS.sub("", doi.strip())
    return Q(doi__iexact=doi)


def has_address(url: str) -> Q:
    """Take addresses for the same that differ in the scheme, a “www.” or a slash at the end."""
    bare = ADDRESS_START.sub("", url).rstrip("/")
    return Q(url__iregex=rf"^https?://(www\.)?{re.escape(bare)}/?$")
