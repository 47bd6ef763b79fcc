"""Bodies of public pages, made once for each state of what is public."""

from django.test import RequestFactory

from portal.core.kept_pages import made_once


def test_it_is_made_again_when_another_state_is_shown_and_for_another_address() -> None:
    made: list[str] = []

    def ask(address: str, shown: str) -> bytes:
        request = RequestFactory().get(address)
        request.what_is_shown = shown  # type: ignore[attr-defined]
        return made_once(request, lambda: made.append(address) or f"{address} {shown}".encode())

    asked = [("/a/", "first"), ("/a/", "first"), ("/a/", "second"), ("/b/", "second"), ("/b/", "second")]
    assert [ask(*one) for one in asked] == [f"{address} {shown}".encode() for address, shown in asked]
    assert made == ["/a/", "/a/", "/b/"]


def test_where_nobody_tells_what_is_shown_nothing_is_kept() -> None:
    request = RequestFactory().get("/")
    assert [made_once(request, lambda text=text: text, of="same") for text in (b"one", b"two")] == [b"one", b"two"]
