"""Answers that tell everyone alike, made once for each catalogue version, day, release and address.

Where visitors without a session share whole answers these cost nothing; a visitor with a session
gets a page of their own around the same body. Nothing is kept where no `SharedAnswers` stands in
front, which tells what is shown: who writes a template wants to see it.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.core.remembered import remembered


def made_once(request: HttpRequest, make: Callable[[], bytes], *, of: Hashable = None) -> bytes:
    """Return what `make` makes of this address of a public page, or made of it before.

    `of` changes whenever that would read differently; without it all that is public does.
    """
    shown = getattr(request, "what_is_shown", None)
    return remembered((of or shown, request.get_full_path()), make) if shown else make()


def drawn_once(template: str, key: Hashable, gather: Callable[[], dict[str, Any]]) -> SafeString:
    """Return a part of a page, rendered anew when `key` is another; it has to change with all that `gather` tells."""
    drawn = remembered((template, key), lambda: render_to_string(template, gather()).encode())
    # Our own template's output, escaped when it was rendered.
    return SafeString(drawn.decode())  # nosec B703  # kept as our template wrote it


def kept_page(
    request: HttpRequest, template: str, shown: str, gather: Callable[[], dict[str, Any]], *, of: Hashable = None
) -> HttpResponse:
    """Render `template` with what is made once: `body`, by the template `shown`, and the `heading` gathered with it."""

    def make() -> bytes:
        gathered = gather()
        return f"{gathered.pop('heading', '')}\n{render_to_string(shown, gathered)}".encode()

    heading, body = made_once(request, make, of=of).decode().split("\n", 1)
    # The body is our own template's output, escaped when it was rendered.
    return render(request, template, {"heading": heading, "body": SafeString(body)})  # nosec B703  # kept as our template wrote it
