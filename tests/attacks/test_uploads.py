"""Files of any kind and name: what is taken in is handed out to be kept, and runs nowhere."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.editing import attachments
from portal.evidence.models import Evidence
from tests.attacks.site import Site, body_of
from tests.attacks.test_headers import assert_guarded
from tests.factories import EvidenceFactory, UserFactory

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert(1)</script>"
PDF, PNG, JPEG, ZIP = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04"
REFUSED: dict[str, bytes] = {
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "page.html": b"<!doctype html>" + SCRIPT,
    "page.pdf.html": PDF + SCRIPT,
    "page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT,
    "style.xml": b"<?xml-stylesheet href='x'?>",
    "page.mht": b"MIME-Version: 1.0",
    "macros.docm": ZIP,
    "old.doc": b"\xd0\xcf\x11\xe0",
    "program.exe": b"MZ",
    "applet.jar": ZIP,
    "script.js": b"alert(1)",
    "no-ending": PDF,
    "html.pdf": b"<!doctype html>" + SCRIPT,
    "svg.png": b"<svg/>",
    "late.pdf": SCRIPT + PDF,
    "pdf.docx": PDF,
    "png.jpg": PNG,
    "empty.pdf": b"",
}
TAKEN: dict[str, bytes] = {
    "scripts.pdf": PDF + b"1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj",
    "polyglot.pdf": PDF + SCRIPT,
    "polyglot.png": PNG + SCRIPT,
    "polyglot.jpg": JPEG + b"*/" + SCRIPT,
    "polyglot.docx": ZIP + SCRIPT,
}
NAMES = [
    *("../../../etc/passwd", "..\\..\\x", "/etc/x", "C:\\x", "a/b", "a\\b", "./x", "..", ".", "", " ", "x\x00.html"),
    *("x.html;", "x.html.", "x.html ", "x.svg%00", "x.php", "x.phtml", ".htaccess", ".git", "~", "-rf", "--help"),
    *("$(id)", "`id`", "x|id", "x;id", "x&id", "x\nSet-Cookie: evil=1", "x\r\nX-Evil: 1", "\x1b[31mx", "\t", "x\x7f"),
    *("\u202egpj.x", "\u200b", "\ufeff", "é", "e\u0301", "王", "🙂", "ﬁ", "İ", "\u017f", "\ud7ff", "\U0001f468\u200d"),
    *("a" * 300, "CON", "NUL", "aux", "COM1", "lpt1.txt", "con.html", "x:y", 'x"y', "x'y", "<x>", "x?y", "x*y"),
    *("%2e%2e%2f", "%00", "x=y", "x,y", "{{x}}", "{% x %}"),
]


def upload(client: Client, name: str, content: bytes) -> Any:
    """Send the form as its bytes, since Django's client would tidy the name up."""
    fields = {"title": f"Report {name}"[:90], "is_another": "on"}
    parts = [f'name="{field}"\r\n\r\n{value}'.encode() for field, value in fields.items()]
    parts.append(f'name="attachment"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'.encode() + content)
    body = b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return client.post(reverse("sources:add"), body, content_type="multipart/form-data; boundary=x")


@pytest.mark.parametrize("name", REFUSED)
def test_what_browsers_run_is_not_taken_in(site: Site, name: str) -> None:
    before = Evidence.objects.count()
    answer = upload(site.client(site.reviewer), name, REFUSED[name])
    assert answer.status_code == 200
    assert Evidence.objects.count() == before


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_in_is_handed_out_to_be_kept(site: Site, name: str) -> None:
    client = site.client(site.reviewer)
    assert upload(client, name, TAKEN[name]).status_code == 302
    assert_handed_out(client, Evidence.objects.latest("pk"), TAKEN[name])


def assert_handed_out(client: Client, source: Evidence, content: bytes) -> str:
    led = client.get(reverse("editing:attachment", args=[source.pk]))
    assert led.status_code == 302
    answer = Client().get(led["Location"])  # without any cookie
    assert answer.status_code == 200
    assert_guarded(answer, led["Location"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "no-store" in answer["Cache-Control"]
    assert body_of(answer) == content
    return str(answer["Content-Disposition"])


@pytest.mark.slow
def test_odd_names_lead_nowhere(site: Site) -> None:
    """Each is the name of a PDF: it stays in its folder, and is told in one header line."""
    assert len(NAMES) == 64
    client = site.client(site.reviewer)
    root, taken = Path(site_settings.MEDIA_ROOT).resolve(), 0
    for name in NAMES:
        answer = upload(client, f"{name}.pdf", PDF)
        assert answer.status_code in (200, 302), name
        if answer.status_code == 200:  # refused: nothing is left of it as a name
            continue
        source = Evidence.objects.latest("pk")
        assert Path(source.attachment.path).resolve().is_relative_to(root / "evidence"), name
        told = assert_handed_out(client, source, PDF)
        assert not {"\r", "\n", "\x1b", "\x00"} & set(told), name
        taken += 1
    assert taken > 40


def test_a_file_is_reached_by_its_signed_address_alone(site: Site, settings: Any, monkeypatch: Any) -> None:
    source = EvidenceFactory(attachment=SimpleUploadedFile("report.pdf", PDF))
    door = reverse("editing:attachment", args=[source.pk])
    assert Client().get(door).status_code == 302
    assert reverse("account_login") in Client().get(door)["Location"]
    assert site.client(UserFactory()).get(door).status_code == 403
    assert site.client(site.reviewer).get(reverse("editing:attachment", args=[10**9])).status_code == 403
    address = attachments.signed_address(source)
    stored = source.attachment.name
    for other in (f"{address[:-2]}x/", "/attachments/1/", f"/{stored}", f"/media/{stored}", f"/assets/{stored}"):
        assert Client().get(other).status_code == 404, other
    monkeypatch.setattr(attachments, "SECONDS", -1)
    assert Client().get(address).status_code == 404


def test_the_form_leads_to_the_door_and_not_to_the_storage(site: Site) -> None:
    source = EvidenceFactory(attachment=SimpleUploadedFile("report.pdf", PDF))
    page = site.client(site.reviewer).get(reverse("sources:edit", args=[source.pk])).text
    assert f'href="{reverse("editing:attachment", args=[source.pk])}"' in page
    assert source.attachment.name not in page


def test_a_file_that_is_lost_is_not_found(site: Site) -> None:
    source = EvidenceFactory(attachment=SimpleUploadedFile("report.pdf", PDF))
    Path(source.attachment.path).unlink()
    assert Client().get(attachments.signed_address(source)).status_code == 404
