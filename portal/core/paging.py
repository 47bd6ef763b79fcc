"""One page of a list, and the links to the others."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import QueryDict


@dataclass(frozen=True)
class ListPage:
    """The rows of one page, where they stand in the list, and the design system's links."""

    rows: list[Any]
    number: int
    pages: int
    total: int
    first: int
    last: int
    links: dict[str, Any] | None
    ignored: str | None


def list_page(rows: Any, query: QueryDict, *, per_page: int, name: str = "page") -> ListPage:
    """Return the page that `query` asks for by `name`, or the nearest there is, saying so in `ignored`."""
    paginator = Paginator(rows, per_page)
    wanted, ignored = query.get(name, "1")[:20], None
    try:
        page = paginator.page(wanted)
    except (PageNotAnInteger, EmptyPage) as problem:
        too_far = isinstance(problem, EmptyPage) and not wanted.startswith(("-", "0"))
        page = paginator.page(paginator.num_pages if too_far else 1)
        ignored = f"there is no page “{wanted}”, so this is page {page.number} of {paginator.num_pages}"
    return ListPage(
        rows=list(page.object_list),
        number=page.number,
        pages=paginator.num_pages,
        total=paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        links=_links(paginator, page.number, query, name) if paginator.num_pages > 1 else None,
        ignored=ignored,
    )


def _links(paginator: "Paginator[Any]", number: int, query: QueryDict, name: str) -> dict[str, Any]:
    def href(page: int) -> str:
        changed = query.copy()
        changed[name] = str(page)
        return f"?{changed.urlencode()}"

    items: list[dict[str, Any]] = []
    for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1):
        if isinstance(page, int):
            items.append({"number": page, "href": href(page), "current": page == number})
        else:
            items.append({"ellipsis": True})
    links: dict[str, Any] = {"items": items}
    if number > 1:
        links["previous"] = {"href": href(number - 1)}
    if number < paginator.num_pages:
        links["next"] = {"href": href(number + 1)}
    return links
