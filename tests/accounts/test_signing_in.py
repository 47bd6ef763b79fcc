"""The one door: by name or address, without telling who exists, limited, and written down."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import AccountEvent, User, WaitingMail
from portal.accounts.sessions import end_all_sessions
from portal.accounts.trail import cut_off, first_broken_link, record
from tests.accounts.conftest import PASSWORD, link_in, make_person, sign_in
from tests.factories import NetworkFactory, UserFactory

pytestmark = pytest.mark.django_db

HOME = "/account/"


def words(answer: Any, *typed: str) -> str:
    """Return a page's words without what was typed into it and the token."""
    told = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    for text in typed:
        told = told.replace(text, "")
    return told


def kinds() -> list[str]:
    return list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("name", ["rosa", "rosa@example.nhs.uk", "Rosa@Example.NHS.uk"])
def test_people_sign_in_by_name_or_address(person: User, name: str) -> None:
    client, answer = sign_in(name)
    assert answer["Location"] == HOME
    assert "rosa" in client.get(HOME).content.decode()
    (event,) = AccountEvent.objects.all()
    assert (event.kind, event.person, event.address, event.note) == ("signed_in", person.pk, "127.0.0.1", "password")


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(person: User) -> None:
    _, known = sign_in("rosa", password="wrong")
    _, unknown = sign_in("nobody", password="wrong")
    assert words(known, "rosa") == words(unknown, "nobody")
    assert [(event.kind, event.person) for event in AccountEvent.objects.order_by("pk")] == [
        ("failed", person.pk),
        ("failed", None),
    ]


def test_a_new_password_is_offered_alike_to_known_and_unknown(person: User, sent: Any) -> None:
    address = reverse("account_reset_password")
    pages = []
    for email in (person.email, "nobody@example.nhs.uk"):
        answer = Client().post(address, {"email": email}, follow=True)
        pages.append(words(answer, email))
        assert WaitingMail.objects.filter(to=email).count() == 1
    assert pages[0] == pages[1]
    to_known, to_unknown = sent()
    assert "/account/password/reset/key/" in to_known.body
    assert "There is no account with this address" in to_unknown.body
    assert not WaitingMail.objects.exists()


def test_who_has_an_account_already_is_told_so_by_mail_alone(person: User, sent: Any) -> None:
    address = reverse("account_signup")
    pages = []
    for email in (person.email, "new@example.nhs.uk"):
        answer = Client().post(address, {"email": email, "password1": PASSWORD}, follow=True)
        pages.append(words(answer, email))
    assert pages[0] == pages[1]
    assert [("You have one already" in mail.body) for mail in sent()] == [True, False]


def test_a_new_account_works_once_its_address_is_confirmed(sent: Any) -> None:
    client = Client()
    typed = {"email": "nia@example.nhs.uk", "password1": PASSWORD, "first_name": "Nia Price"}
    client.post(reverse("account_signup"), typed)
    assert client.get(HOME).status_code == 302
    link = link_in(sent()[0])
    assert Client().get(link).status_code == 200  # as a program that looks through mail would
    assert not User.objects.get().emailaddress_set.get().verified
    assert client.post(link)["Location"] == HOME
    assert "Nia Price" in client.get(HOME).content.decode()
    assert User.objects.get().emailaddress_set.get().verified


def test_without_open_sign_up_only_the_invited_make_accounts(settings: Any) -> None:
    settings.OPEN_SIGN_UP = False
    assert "Make an account" not in Client().get(reverse("account_login")).content.decode()
    Client().post(reverse("account_signup"), {"email": "nia@example.nhs.uk", "password1": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("password1234", "too common|easy to guess"),
        ("rosarosarosa", "easy to guess|too similar"),
        ("qwertyuiopas", "easy to guess"),
    ],
)
def test_passwords_that_guessers_try_are_refused(password: str, why: str) -> None:
    answer = Client().post(reverse("account_signup"), {"email": "rosa@example.nhs.uk", "password1": password})
    assert re.search(why, answer.content.decode()), password
    assert f'value="{password}"' not in answer.content.decode()
    assert not User.objects.exists()


def test_guessing_is_limited_and_a_good_sign_in_gives_no_new_tries(person: User) -> None:
    for _ in range(4):
        sign_in("rosa", password="wrong")
    assert sign_in("rosa")[1].status_code == 302
    sign_in("rosa", password="wrong")
    _, answer = sign_in("rosa")
    assert "That was wrong too often" in answer.content.decode()
    cache.clear()
    assert sign_in("rosa")[1].status_code == 302


def test_the_limit_counts_the_address_our_proxy_saw(settings: Any) -> None:
    """What a visitor writes further left in X-Forwarded-For buys no new tries."""
    settings.TRUSTED_PROXIES = 1
    answers = []
    for number in range(11):
        said = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.7"}
        typed = {"login": f"person-{number}", "password": "wrong"}
        answers.append(Client().post(reverse("account_login"), typed, headers=said).content.decode())
    assert ["wrong too often" in answer for answer in answers] == [False] * 10 + [True]
    assert set(AccountEvent.objects.values_list("address", flat=True)) == {"203.0.113.7"}


def test_whoever_signs_in_is_led_to_this_site_alone(person: User) -> None:
    for onward in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        typed = {"login": "rosa", "password": PASSWORD, "next": onward}
        assert Client().post(reverse("account_login"), typed)["Location"] == HOME
    typed = {"login": "rosa", "password": PASSWORD, "next": "/packs/"}
    assert Client().post(reverse("account_login"), typed)["Location"] == "/packs/"


def test_a_session_from_before_signing_in_gets_another_key(person: User) -> None:
    client = Client()
    client.get(reverse("account_reset_password"))
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in("rosa", client=client)
    assert client.cookies["sessionid"].value != before


def test_the_editing_site_has_no_door_of_its_own() -> None:
    client = Client()
    answer = client.get("/editing/login/?next=/editing/keys/")
    assert answer["Location"] == f"{reverse('account_login')}?next=/editing/keys/"
    assert client.get("/editing/")["Location"].startswith(reverse("account_login"))
    assert client.post("/editing/login/", {"username": "x", "password": "y"})["Location"] == reverse("account_login")
    assert client.get("/editing/password_reset/").status_code == 404


# --- sessions -----------------------------------------------------------------------------------


def test_signing_out_everywhere_ends_every_session(person: User) -> None:
    (one, _), (other, _) = sign_in("rosa"), sign_in("rosa")
    untracked = Client()
    untracked.force_login(person)
    assert one.get(reverse("usersessions_list")).content.decode().count("127.0.0.1") == 2
    one.post(reverse("accounts:sign_out_everywhere"))
    assert [client.get(HOME).status_code for client in (one, other, untracked)] == [302] * 3
    assert sign_in("rosa")[0].get(HOME).status_code == 200
    assert kinds() == ["signed_in"] * 3 + ["sessions_ended", "signed_out", "signed_in"]


def test_the_other_sessions_end_and_this_one_stays(person: User) -> None:
    (one, _), (other, _) = sign_in("rosa"), sign_in("rosa")
    one.post(reverse("usersessions_list"))
    assert (one.get(HOME).status_code, other.get(HOME).status_code) == (200, 302)
    assert kinds()[-1] == "sessions_ended"


def test_a_closed_account_and_a_role_taken_away_count_at_the_next_request(person: User) -> None:
    editor = make_person("edith", role="editor", network=NetworkFactory())
    client, _ = sign_in("edith")
    assert client.get(reverse("editing:start")).status_code == 200
    editor.network_roles.all().delete()
    assert client.get(reverse("editing:start")).status_code == 403
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert client.get(HOME).status_code == 302


def test_a_new_password_ends_the_other_sessions(person: User) -> None:
    (one, _), (other, _) = sign_in("rosa"), sign_in("rosa")
    new = "walnut cathedral nine bicycles"
    one.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (one.get(HOME).status_code, other.get(HOME).status_code) == (200, 302)
    assert sign_in("rosa", password=new)[1].status_code == 302


# --- a second factor ----------------------------------------------------------------------------


def code_of(secret: str) -> str:
    """Return what the app shows now: the middle one of those that the site takes."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def set_up_app(client: Client) -> str:
    """Turn an authenticator app on as the page says, and return its secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:" not in page
    (secret,) = re.findall(r'id="authenticator_secret"[^>]*value="(\w+)"', page)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


@pytest.mark.django_db(transaction=True)  # what is told once it is committed is told within the request
def test_with_an_app_a_password_alone_opens_nothing(person: User) -> None:
    (client, _), (older, _) = sign_in("rosa"), sign_in("rosa")
    secret = set_up_app(client)
    assert client.get(HOME).status_code == 200
    assert older.get(HOME).status_code == 302, "It was opened without the second factor."
    assert secret not in str(Authenticator.objects.filter(type="totp").values())
    cache.clear()
    another, answer = sign_in("rosa")
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert another.get(HOME).status_code == 302
    wrong = another.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is wrong" in wrong.content.decode()
    # The code that turned it on was used: another is due.
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert another.post(reverse("mfa_authenticate"), {"code": recovery})["Location"] == HOME
    assert kinds()[-2:] == ["failed", "signed_in"]
    assert {"factor_added", "sessions_ended"} <= set(kinds())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["publisher", "administrator"])
def test_where_the_settings_ask_for_it_these_roles_need_a_second_factor(settings: Any, role: str) -> None:
    make_person("pauline", role=role)
    make_person("edith", role="editor", network=NetworkFactory())
    settings.MFA_REQUIRED = True
    client, _ = sign_in("pauline")
    start = reverse("editing:start")
    assert client.get(start)["Location"] == reverse("mfa_index")
    assert client.post(reverse("editing:people"), {"email": "x@example.org"})["Location"] == reverse("mfa_index")
    assert sign_in("edith")[0].get(start).status_code == 200
    set_up_app(client)
    assert client.get(start).status_code == 200


# --- the trail ----------------------------------------------------------------------------------


def test_no_row_of_the_trail_can_be_changed_or_taken_out() -> None:
    guard_deletions()
    event = record(AccountEvent.Kind.SIGNED_IN, person=1)
    for touch in (AccountEvent.objects.update, AccountEvent.objects.filter(pk=event.pk).delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            touch(**({"note": "x"} if touch == AccountEvent.objects.update else {}))
    assert first_broken_link() is None


def guard_deletions() -> None:
    """Put back what the tests' database has taken off, so that it can be emptied between tests."""
    from tests.databases import TRAIL_GUARD

    if connection.vendor == "sqlite":
        connection.cursor().execute(TRAIL_GUARD)


def unguarded(statement: str) -> None:
    """Change the table as somebody would who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER account_event_unchanged")
        else:
            cursor.execute("ALTER TABLE accounts_accountevent DISABLE TRIGGER account_event_stays")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE accounts_accountevent SET person = 9 WHERE id = {1}", "row {1}"),
        ("UPDATE accounts_accountevent SET address = '10.0.0.1' WHERE id = {0}", "row {0}"),
        ("DELETE FROM accounts_accountevent WHERE id = {1}", "row {2}"),
        ("DELETE FROM accounts_accountevent WHERE id = {2}", "the end"),
    ],
)
def test_whoever_owns_the_database_breaks_the_chain(statement: str, found: str) -> None:
    numbers = [record(AccountEvent.Kind.SIGNED_IN, person=number).pk for number in (1, 2, 3)]
    call_command("verify_account_trail")
    unguarded(statement.format(*numbers))
    with pytest.raises(CommandError, match=found.format(*numbers)):
        call_command("verify_account_trail")


def test_the_trail_is_cut_off_when_old_and_what_stays_holds(settings: Any) -> None:
    guard_deletions()
    for number in (1, 2, 3):
        record(AccountEvent.Kind.SIGNED_IN, person=number)
    settings.TRAIL_DAYS = 0
    kept = AccountEvent.objects.get(person=3)
    assert cut_off(now=kept.at) == 2
    assert [event.person for event in AccountEvent.objects.all()] == [3]
    assert first_broken_link() is None
    record(AccountEvent.Kind.SIGNED_IN, person=4)
    assert first_broken_link() is None


@pytest.mark.django_db(transaction=True)  # what is told once it is committed is told within the request
def test_a_former_secret_key_keeps_what_it_sealed_true(settings: Any, person: User) -> None:
    client, _ = sign_in("rosa")
    set_up_app(client)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, just as long", [settings.SECRET_KEY]
    record(AccountEvent.Kind.SIGNED_IN, person=1)
    assert first_broken_link() is None
    assert Authenticator.objects.get(type="totp").wrap().validate_code is not None
    assert isinstance(Authenticator.objects.get(type="totp").wrap(), TOTP)
    settings.SECRET_KEY_FALLBACKS = []
    assert first_broken_link() is not None


def test_somebody_else_can_end_a_persons_sessions() -> None:
    administrator, person = UserFactory(), UserFactory()
    client = Client()
    client.force_login(person)
    end_all_sessions(person, by=administrator)
    assert client.get(HOME).status_code == 302
    last = AccountEvent.objects.first()
    assert last is not None
    assert (last.person, last.by) == (person.pk, administrator.pk)
    assert last.at <= timezone.now()


@pytest.mark.parametrize("times", [0, 2])
def test_a_session_outlives_a_change_of_the_sites_key_however_often_one_signed_out_everywhere(
    client: Client, settings: Any, times: int
) -> None:
    client.force_login(UserFactory(times_signed_out=times))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert "You are signed in as" in client.get("/account/").content.decode()
