"""What is held of a person: taken along whole, erased with their account, forgotten when its time is over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import AccountEvent, Invitation, NetworkKey, SavedSearch, User
from portal.accounts.privacy import NotErased, erase, everything_of, forget_old_sessions
from portal.accounts.trail import first_broken_link
from portal.briefings.models import KeptBasket, PackHolder
from portal.catalogue.models import EntryChange
from tests.accounts.conftest import PASSWORD, make_person, sign_in
from tests.factories import BriefingPackFactory, InnovationFactory, NetworkFactory, SavedSearchFactory

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "Edith Quokkason", "edith@example.nhs.uk"


@pytest.fixture
def edith() -> User:
    """An editor who has left something in every room."""
    network = NetworkFactory(name="Wessex")
    edith = make_person("edith", role="editor", network=network)
    User.objects.filter(pk=edith.pk).update(first_name=NAME)
    edith = User.objects.get(pk=edith.pk)
    entry = InnovationFactory(published=True, title="Night rota app", owner_network=network)
    EntryChange(entry=entry, by=edith, by_name=NAME, action="edited", origin="screen", title=entry.title).save()
    SavedSearchFactory(user=edith, name="Rotas")
    KeptBasket.objects.create(person=edith, slugs=["night-rota-app"])
    PackHolder.objects.create(pack=BriefingPackFactory(title="Board in May"), key=f"person-{edith.pk}")
    now = timezone.now()
    NetworkKey.objects.create(
        network=network, name="rota system", prefix="abc", made_by=edith, expires_at=now + timedelta(days=1)
    )
    Invitation.objects.create(
        email=ADDRESS, network=network, role="editor", made_by=edith, expires_at=now + timedelta(days=1)
    )
    return edith


def test_a_copy_holds_all_of_it_and_no_secret(edith: User) -> None:
    client, _ = sign_in("edith")
    answer = client.post(reverse("accounts:export"))
    assert answer["Content-Disposition"] == 'attachment; filename="my-account.json"'
    told = json.loads(answer.content)
    assert told["account"]["roles"] == [{"role": "editor", "network": "Wessex"}]
    assert [search["name"] for search in told["account"]["searches"]] == ["Rotas"]
    assert [change["title"] for change in told["changes_of_entries"]] == ["Night rota app"]
    assert [pack["title"] for pack in told["briefings"]["packs"]] == ["Board in May"]
    assert told["briefings"]["basket"] == ["night-rota-app"]
    assert set(told) >= {"account", "changes_of_entries", "strength_rule", "adoption", "briefings", "imports"}
    text = answer.content.decode()
    assert edith.password not in text
    assert "hashed_key" not in text
    assert AccountEvent.objects.filter(kind="exported", person=edith.pk).exists()


def test_every_row_that_names_a_person_is_told_or_goes_with_them() -> None:
    """A new relation to people makes this fail until somebody has said what a copy and an erasure do with it."""
    told = {
        "accounts.NetworkRole", "accounts.NetworkKey", "accounts.SavedSearch", "accounts.Invitation",
        "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession", "socialaccount.SocialAccount",
        "briefings.KeptBasket", "catalogue.EntryChange", "evidence.RuleInForce", "exchange.ImportBatch",
        "adoption.Contact", "adoption.AdoptionRecord",
    }  # fmt: skip
    numbers_alone = {
        "adoption.Reply", "webhooks.Webhook", "catalogue.Entry", "innovations.Innovation",
        "casestudies.CaseStudy", "wagtailcore.APIToken", "wagtailcore.Revision", "wagtailcore.WorkflowState",
        "wagtailcore.TaskState", "wagtailcore.ModelLogEntry", "wagtailcore.PageLogEntry", "wagtailcore.Page",
        "wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.PageSubscription", "wagtailcore.UploadedFile",
        "wagtaildocs.Document", "wagtaildocs.UploadedDocument", "wagtailimages.Image", "wagtailimages.UploadedImage",
        "wagtailusers.UserProfile", "wagtailadmin.EditingSession", "wagtailadmin.FormState",
    }  # fmt: skip
    related = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model is User and (field.many_to_one or field.one_to_one)
        and getattr(field, "concrete", False)
    }  # fmt: skip
    assert related <= told | numbers_alone, related - told - numbers_alone


def test_erased_is_erased_everywhere(edith: User) -> None:
    (client, _), (other, _) = sign_in("edith"), sign_in("edith")
    number = edith.pk
    erase_page = reverse("accounts:erase")
    assert client.get(erase_page)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": erase_page})
    told = client.post(erase_page, {}).content.decode()
    assert "Write “erase” to erase your account: Nothing is erased yet" in told, "the summary names the field"
    assert "if you mean it" in client.post(erase_page, {"word": "yes"}).content.decode()
    assert User.objects.filter(pk=number).exists()
    assert client.post(erase_page, {"word": "Erase"})["Location"] == "/"
    assert not User.objects.filter(pk=number).exists()
    assert other.get("/account/").status_code == 302
    for model in (SavedSearch, KeptBasket, PackHolder, NetworkKey):
        assert not model._base_manager.exists(), model
    assert EntryChange.objects.get(action="edited").by_name == "a former editor"
    assert first_broken_link() is None
    left = {
        model._meta.label
        for model in apps.get_models()
        for row in model._base_manager.all().values()
        if any(word in str(row) for word in (NAME, ADDRESS))
    }
    assert left == set()
    assert AccountEvent.objects.filter(kind="erased", person=number).exists()


def test_the_only_administrator_stays() -> None:
    administrator = make_person("ada", role="administrator")
    with pytest.raises(NotErased, match="only administrator"):
        erase(person=administrator, request=None)
    make_person("bea", role="administrator")
    erase(person=administrator, request=None)


def test_strangers_get_no_copy_and_erase_nothing(edith: User) -> None:
    for name in ("export", "erase"):
        answer = Client().post(reverse(f"accounts:{name}"), {"word": "erase"})
        assert "/account/login/" in answer["Location"]
    assert User.objects.filter(pk=edith.pk).exists()
    reader, _ = sign_in(make_person("rosa").username)
    assert NAME not in reader.post(reverse("accounts:export")).content.decode()


def test_sessions_that_ended_are_forgotten(person: User, sent: Any) -> None:
    sign_in("rosa")
    assert forget_old_sessions(now=timezone.now()) == 0
    assert len(everything_of(person)["account"]["sessions"]) == 1
    assert forget_old_sessions(now=timezone.now() + timedelta(days=30)) == 1
    assert everything_of(person)["account"]["sessions"] == []
    assert not Session.objects.exists()
