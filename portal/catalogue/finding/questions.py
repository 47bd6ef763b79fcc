"""What a list's address asks for. What can't be answered is left out and said."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from portal.catalogue.filters import Filter, FilterSet
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.index import Index
from portal.catalogue.finding.own_facets import heirs_of, places_today
from portal.catalogue.finding.terms import MAX_CHARACTERS, MAX_WORDS, Clause, Term, clauses_of, terms_of, trim
from portal.organisations.models import Organisation

RELEVANCE = "relevance"
MOST_VALUES = 50
SAID_OF_EACH = 3


@dataclass(frozen=True)
class Question:
    """Words, the values chosen of each filter, and the order; `query` is the address that says just that."""

    filters: FilterSet
    words: str
    terms: list[Term]
    clauses: tuple[Clause, ...]
    chosen: dict[Filter, list[str]]
    order: str
    choice: str
    query: QueryDict
    ignored: list[str]

    def without(self, name: str, value: str = "") -> str:
        """Return the query string without a filter, or without one of its values; it begins at the first page."""
        rest = self.query.copy()
        rest.setlist(name, [other for other in rest.getlist(name) if value and other != value])
        rest.pop("page", None)
        if name == "q" and rest.get("sort") == RELEVANCE:
            rest.pop("sort")
        return f"?{rest.urlencode()}"

    def with_words(self, words: str) -> str:
        changed = self.query.copy()
        changed["q"] = words
        changed.pop("page", None)
        return f"?{changed.urlencode()}"


def read_question(query: QueryDict, filters: FilterSet, index: Index) -> Question:
    cleaned = QueryDict(mutable=True)
    ignored: list[str] = []
    words, terms = _read_words(query, ignored)
    if words:
        cleaned["q"] = words
    chosen: dict[Filter, list[str]] = {}
    for one in filters.filters:
        values = _read_values(query, one, index, ignored)
        if values:
            chosen[one] = values
            cleaned.setlist(one.name, values)
    order, choice = _read_order(query, bool(terms), index, ignored)
    asked = query.get("sort", "")
    if asked in orders() and asked != _usual_order(bool(terms)):
        cleaned["sort"] = asked
    if choice:
        cleaned["measure"] = choice
    if "page" in query:
        cleaned["page"] = query.get("page", "")
    return Question(
        filters=filters,
        words=words,
        terms=terms,
        clauses=clauses_of(terms, index.meaning),
        chosen=chosen,
        order=order,
        choice=choice,
        query=cleaned,
        ignored=ignored,
    )


def _read_words(query: QueryDict, ignored: list[str]) -> tuple[str, list[Term]]:
    typed = query.get("q", "")
    words = trim(typed)
    if len(typed.strip()) > MAX_CHARACTERS or len(typed[: MAX_CHARACTERS * 4].split()) > MAX_WORDS:
        ignored.append(f"only the first {MAX_WORDS} words and {MAX_CHARACTERS} characters were searched for")
    terms = terms_of(words)
    if typed.strip() and not terms:
        ignored.append("there is no letter or digit in the words to look for")
        return "", []
    return words, terms


def _read_values(query: QueryDict, one: Filter, index: Index, ignored: list[str]) -> list[str]:
    typed = [value for value in dict.fromkeys(query.getlist(one.name)) if value]
    if len(typed) > MOST_VALUES:
        ignored.append(f"only the first {MOST_VALUES} values of {one.label} were looked at")
    known = {value for value, _ in index.options[one.facet]}
    values: list[str] = []
    unknown = []
    for value in typed[:MOST_VALUES]:
        if value in known:
            values.append(value)
        elif one.is_place and (heirs := list(_heirs(value, known, ignored))):
            values += heirs
        else:
            unknown.append(value)
    ignored += [f"there is no {one.name} “{value[:40]}”" for value in unknown[:SAID_OF_EACH]]
    return list(dict.fromkeys(values))


def _heirs(code: str, known: set[str], ignored: list[str]) -> Iterator[str]:
    """Yield the codes of what took over from a place that closed, and say so."""
    closed = Organisation.objects.filter(code=code[:40].replace("\x00", ""), closed_on__isnull=False).first()
    if closed is None:
        return
    heirs = Organisation.objects.filter(pk__in=heirs_of(places_today(), closed.pk), code__in=known)
    for heir in heirs:
        ignored.append(f"{closed.display_name} has closed, so {heir.display_name} is shown")
        yield heir.code


def _read_order(query: QueryDict, has_words: bool, index: Index, ignored: list[str]) -> tuple[str, str]:
    wanted, usual = query.get("sort", ""), _usual_order(has_words)
    if not wanted or (wanted == RELEVANCE and has_words):
        return usual, ""
    if wanted not in orders():
        if wanted != RELEVANCE:
            ignored.append(f"there is no sort “{wanted[:40]}”")
        return usual, ""
    if not orders()[wanted].choices:
        return wanted, ""
    options = dict(index.options[orders()[wanted].choices])
    choice = query.get("measure", "")
    if choice in options:
        return wanted, choice
    ignored.append(
        f"there is no measure “{choice[:40]}”" if choice else "the largest benefit first, until you choose a measure"
    )
    return usual, ""


def _usual_order(has_words: bool) -> str:
    return RELEVANCE if has_words else "title"
