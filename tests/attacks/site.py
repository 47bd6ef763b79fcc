"""A small whole site: something at every address, two networks, and words that only one of them may read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from portal.accounts.models import NetworkKey, NetworkRole, User
from portal.adoption.asking import make_link
from portal.adoption.contacts import token_of
from portal.briefings.models import PackHolder, ShareLink
from portal.core.private_files import private_files
from portal.editing import digests, services
from portal.editing.attachments import signed_address
from portal.editing.workflow import make_workflow
from portal.exchange.models import DataFile, DataRelease, ImportBatch
from portal.webhooks.models import Webhook
from tests.addresses import Route, names_in_wagtail
from tests.editing.conftest import SECRET, change_draft
from tests.exchange.keys import System
from tests.factories import (
    AdoptionRecordFactory,
    BriefingPackFactory,
    CaseStudyFactory,
    ConfirmationPeriodFactory,
    ContactFactory,
    CountryFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    NetworkFactory,
    NetworkRoleFactory,
    ReplyFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
)

EDITING = "/editing/"


@dataclass
class Site:
    """What stands at the addresses. `values` fills routes by the longest beginning that fits, then by name."""

    entry: Any
    reviewer: User
    outsider: User
    publisher: User
    key: str
    values: dict[str, dict[str, Any]]

    def address_of(self, route: Route) -> str:
        values: dict[str, Any] = {}
        for beginning in sorted(self.values, key=len):
            if route.text.removeprefix("^").startswith(beginning):
                values |= self.values[beginning]
        return route.filled(values)

    def client(self, person: User | None = None, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if person:
            client.force_login(person)
        return client


def person(role: str, network: Any = None) -> User:
    everywhere = role in (NetworkRole.Role.PUBLISHER, NetworkRole.Role.ADMINISTRATOR)
    user = UserFactory()
    NetworkRoleFactory(user=user, role=role, network=None if everywhere else network)
    return User.objects.get(pk=user.pk)


def make_site() -> Site:
    make_workflow()
    CountryFactory(code="ENG", name="England")
    system = System(role="editor")
    network, editor = system.network, system.maker
    theme = ThemeFactory(slug="sharing")
    entry: Any = InnovationFactory(
        published=True,
        title="Bank",
        slug="bank",
        owner_network=network,
        where_it_may_not_work="Where nobody works nights.",
        themes=[theme],
    )
    measure = MeasureFactory(key="hours-released", name="Staff hours released")
    source = EvidenceFactory(key="report", attachment=ContentFile(b"%PDF-1.7", name="report.pdf"))
    add_figure(entry, value=41000, measure=measure, place_not_stated=True)
    trust = TrustFactory(code="RXX")
    event = AdoptionRecordFactory(entry=entry, organisation=trust, evidence=source)
    contact = ContactFactory(organisation=trust)
    ConfirmationPeriodFactory()
    study = CaseStudyFactory(published=True, title="Shared bank", slug="shared-bank", themes=[theme])
    draft = InnovationFactory(title=f"Draft {SECRET}", slug="draft", summary=SECRET, owner_network=network)
    draft.save_revision(user=editor, clean=False)
    change_draft(type(entry).objects.get(pk=entry.pk), by=editor, summary=f"Finds the {SECRET}.")
    services.submit(entry=type(entry).objects.get(pk=entry.pk), by=editor, reason="Counted again.")
    entry = type(entry).objects.get(pk=entry.pk)
    state = entry.current_workflow_task_state

    pack: Any = BriefingPackFactory(ready=True, title="Options", is_private=True)
    PackHolder.objects.create(pack=pack, key=f"person-{editor.pk}")
    link = ShareLink.objects.create(pack=pack, expires_at=timezone.now() + timedelta(days=1))
    BriefingPackFactory(ready=True, standing="theme/sharing")
    batch = ImportBatch.objects.create(network=network, file_name=f"{SECRET}.csv", file_size=1, state="checked")
    hook = Webhook.objects.create(network=network, address="https://hooks.example.org/in", events=["entry.published"])
    release, file = _data_file()
    reply = ReplyFactory(entry=entry, organisation=trust)

    everywhere = {
        "slug": "bank",
        "key": measure.key,
        "code": trust.code,
        "token": pack.token,
        "name": pack.file_stem,
        "kind": "pdf",
        "number": 1,
        "ending": "csv",
        "section": "entries",
        "id": event.public_id,
        "pk": entry.pk,
    }
    editing = {
        "batch": batch.pk,
        "table": "innovations",
        "source": source.pk,
        "webhook": hook.pk,
        "prefix": NetworkKey.objects.get().prefix,
        "contact": contact.pk,
        "person": editor.pk,
        "row": reply.pk,
        **names_in_wagtail(entry, state),
        "version": 1,
        "step": "turn-off",
        "filename": SECRET,
    }
    values: dict[str, dict[str, Any]] = {
        "": everywhere,
        "editing/": editing,
        "editing/snippets/casestudies/": {"pk": study.pk, "object_id": study.pk},
        "editing/snippets/evidence/": {"pk": source.pk},
        "themes/": {"slug": theme.slug},
        "case-studies/": {"slug": study.slug},
        "innovations/<slug:slug>/versions/<int:number>/citation": {"ending": "ris"},
        "case-studies/<slug:slug>/versions/<int:number>/citation": {"ending": "ris"},
        "adoption/confirm/": {"token": make_link(contact, now=timezone.now())},
        "adoption/forget/": {"token": token_of(contact)},
        "api/v1/case-studies/": {"slug": study.slug},
        "api/v1/drafts/": {"slug": "draft"},
        "api/v1/evidence/": {"key": source.key},
        "data/": {"release": release.name, "name": file.name},
        "packs/<int:number>": {"number": pack.pk},
        "packs/<slug:token>/share/": {"pk": link.pk},
        "packs/shared/": {"token": link.token},
        "packs/^shared/": {"token": link.token},
        "packs/ready-made/": {"kind": "theme", "slug": theme.slug},
        "packs/^ready-made/": {"kind": "theme", "slug": theme.slug, "file_kind": "pdf"},
        "attachments/": {"token": signed_address(source).split("/")[2]},
        "account/stop-mail/": {"name": "your-week", "token": digests.MAIL.address_to_stop(editor).split("/")[-2]},
    }
    return Site(
        entry=entry,
        reviewer=person("reviewer", network),
        outsider=person("reviewer", NetworkFactory(name="Second network")),
        publisher=person("publisher"),
        key=system.key,
        values=values,
    )


def body_of(answer: Any) -> bytes:
    """Return the whole body; a file is read to its end, which closes it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _data_file() -> tuple[DataRelease, DataFile]:
    release = DataRelease.objects.create(
        name="2026-01-31-020000",
        state=DataRelease.State.READY,
        lease_until=timezone.now(),
        as_at=timezone.now(),
        finished_at=timezone.now(),
    )
    file = DataFile.objects.create(
        release=release,
        name="entries.csv",
        format=DataFile.Format.CSV,
        about="Entries",
        media_type="text/csv",
        is_whole=False,
        rows=1,
        size=3,
        sha256="0" * 64,
    )
    private_files().save(f"{release.folder}/{file.name}", ContentFile(b"a,b"))
    return release, file
