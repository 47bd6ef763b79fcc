"""The portal's own server and middleware with one more address, which answers the bytes of a file."""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.wsgi import application

__all__ = ["application"]

BODY = Path(os.environ["BENCH_CONSTANT"]).read_bytes()


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


def add_address() -> None:
    from portal import urls  # after Django is set up

    urls.urlpatterns.insert(0, path("bench-constant/", answer))


add_address()
