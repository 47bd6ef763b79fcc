"""The database itself refuses to change a row of the trail, and to delete one that the trail was not cut behind.

Also: the table in which attempts to sign in are counted, and confirmed addresses for the people there are.
"""

from django.core.management import call_command
from django.db import migrations

TABLE = "accounts_accountevent"
CUT = "(SELECT cut_before FROM accounts_trail WHERE id = 1)"
SQLITE = [
    f"""CREATE TRIGGER account_event_unchanged BEFORE UPDATE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'The trail of accounts is append-only.'); END""",
    f"""CREATE TRIGGER account_event_kept BEFORE DELETE ON {TABLE} WHEN OLD.id >= COALESCE({CUT}, 0)
    BEGIN SELECT RAISE(ABORT, 'The trail of accounts is append-only.'); END""",
]
POSTGRESQL = [
    f"""CREATE FUNCTION account_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.id < COALESCE({CUT}, 0) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'The trail of accounts is append-only.';
    END $$""",
    f"""CREATE TRIGGER account_event_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION account_event_stays()""",
]
TAKE_AWAY = {
    "sqlite": ["DROP TRIGGER account_event_unchanged", "DROP TRIGGER account_event_kept"],
    "postgresql": [f"DROP TRIGGER account_event_stays ON {TABLE}", "DROP FUNCTION account_event_stays()"],
}
GUARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def guard(apps, schema_editor):
    for statement in GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in TAKE_AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def make_limits(apps, schema_editor):
    call_command("createcachetable", "sign_in_limits", database=schema_editor.connection.alias, verbosity=0)


def remove_limits(apps, schema_editor):
    schema_editor.execute("DROP TABLE sign_in_limits")


def confirm_addresses(apps, schema_editor):
    """Whoever is here was entered by the operator: their addresses count as confirmed."""
    User, EmailAddress = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    seen = set()
    for person in User.objects.exclude(email="").order_by("pk"):
        if person.email.lower() not in seen:
            seen.add(person.email.lower())
            EmailAddress.objects.create(user=person, email=person.email.lower(), verified=True, primary=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_signing_in"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(make_limits, remove_limits),
        migrations.RunPython(confirm_addresses, migrations.RunPython.noop),
    ]
