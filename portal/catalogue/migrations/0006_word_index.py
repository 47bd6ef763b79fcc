"""The databases' own indexes over SearchText.

SQLite: an FTS5 table that holds no text of its own and follows SearchText by triggers, so that no
write can leave the two apart. Whoever alters SearchText's table later must make the triggers again:
Django copies the table then. PostgreSQL: generated columns, one a section, with an index each.
"""

from django.db import migrations

COLUMNS = ("title", "names", "summary", "facts", "body")
SECTIONS = {"title": "title || ' ' || names", "summary": "summary", "facts": "facts", "body": "body"}
TABLE, WORDS = "catalogue_searchtext", "catalogue_words"


def statements_of_sqlite():
    columns = ", ".join(COLUMNS)
    new, old = (", ".join(f"{row}.{column}" for column in COLUMNS) for row in ("new", "old"))
    # Our own names, in a statement that takes no values.
    add = f"INSERT INTO {WORDS} (rowid, {columns}) VALUES (new.entry_id, {new});"  # noqa: S608  # nosec B608  # names of ours
    take = f"INSERT INTO {WORDS} ({WORDS}, rowid, {columns}) VALUES ('delete', old.entry_id, {old});"  # noqa: S608  # nosec B608  # names of ours
    return [
        f"CREATE VIRTUAL TABLE {WORDS} USING fts5({columns}, content='{TABLE}', content_rowid='entry_id', "
        "tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')",
        f"CREATE TRIGGER {WORDS}_added AFTER INSERT ON {TABLE} BEGIN {add} END",
        f"CREATE TRIGGER {WORDS}_gone AFTER DELETE ON {TABLE} BEGIN {take} END",
        f"CREATE TRIGGER {WORDS}_changed AFTER UPDATE ON {TABLE} BEGIN {take} {add} END",
    ]


def _postgresql(schema_editor):
    kinds = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"
    # Without a list of stop words: a phrase keeps its small words, as in SQLite.
    yield "CREATE TEXT SEARCH DICTIONARY portal_stem (TEMPLATE = snowball, LANGUAGE = english)"
    yield "CREATE TEXT SEARCH CONFIGURATION portal_words (COPY = simple)"
    dictionaries = "unaccent, portal_stem" if _may_fold_accents(schema_editor.connection) else "portal_stem"
    yield f"ALTER TEXT SEARCH CONFIGURATION portal_words ALTER MAPPING FOR {kinds} WITH {dictionaries}"
    for section, text in SECTIONS.items():
        # What joins words would make addresses, paths and compounds of them, which SQLite takes apart.
        apart = f"translate({text}, '-/_.@:+', '       ')"
        yield (
            f"ALTER TABLE {TABLE} ADD COLUMN {section}_words tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('portal_words'::regconfig, {apart})) STORED"
        )
        yield f"CREATE INDEX {TABLE}_{section}_words ON {TABLE} USING gin ({section}_words) WITH (fastupdate = off)"


def _may_fold_accents(connection):
    """Accents are folded where the server has the extension and lets us use it; else they count."""
    from django.db import Error, transaction

    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    except Error:
        return False
    return True


def make_index(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in statements_of_sqlite() if is_sqlite else _postgresql(schema_editor):
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("added", "gone", "changed"):
            schema_editor.execute(f"DROP TRIGGER {WORDS}_{trigger}")
        schema_editor.execute(f"DROP TABLE {WORDS}")
        return
    for section in SECTIONS:
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {section}_words")
    schema_editor.execute("DROP TEXT SEARCH CONFIGURATION portal_words")
    schema_editor.execute("DROP TEXT SEARCH DICTIONARY portal_stem")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_search")]
    operations = [migrations.RunPython(make_index, drop_index)]
