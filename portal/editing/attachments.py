"""Files that editors attach to a source: what may come in, and how it goes out."""

from pathlib import PurePath
from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from portal.core.formatting import format_number
from portal.core.scanning import NotClean, NotScanned, scan
from portal.evidence.models import Evidence

LARGEST = 20_000_000
BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
"""The kinds that are taken, and the bytes each begins with."""


def check_attachment(file: "UploadedFile[Any]") -> None:
    """Raise ValidationError unless the file is small enough, what its name says, and free of known viruses."""
    name = (file.name or "").lower()
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending not in BEGINNINGS:
        raise ValidationError("Attach a PDF, Word, Excel, PNG or JPEG file.")
    if (file.size or 0) > LARGEST:
        limit = format_number(LARGEST // 1_000_000)
        raise ValidationError(f"The file is larger than {limit} MB. Attach a smaller one, or give its address.")
    beginning = file.read(8)
    file.seek(0)
    if not beginning.startswith(BEGINNINGS[ending]):
        raise ValidationError(
            f"The file is not what its name says: it doesn't begin as a {ending[1:].upper()} file does."
        )
    _check_for_viruses(file)


def _check_for_viruses(file: "UploadedFile[Any]") -> None:
    """Where the operator has a scanner, nothing is kept that it has not looked at."""
    try:
        scan(file.chunks())
    except NotClean:
        raise ValidationError("The virus scanner refuses this file. Have its computer looked at.") from None
    except NotScanned:
        raise ValidationError(
            "The virus scanner doesn’t answer, so the file was not taken. Save without it, and attach it later."
        ) from None
    file.seek(0)


# Going out. The address of a file is signed, ends soon and asks for no cookie: whatever the file holds, it is told
# nothing of whoever opens it. Only the editing site gives such an address away.

SALT = "attachment of a source"
SECONDS = 60


def signed_address(source: Evidence) -> str:
    """Return an address at which the file is handed out for a minute. Who may have it is the caller's question."""
    return reverse("attachment", args=[signing.dumps(source.pk, salt=SALT)])


def source_of(token: str) -> Evidence | None:
    """Return the source with a file that a signed address is of; None once its minute is over."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return Evidence.objects.exclude(attachment="").filter(pk=pk).first()


def name_of_file(source: Evidence) -> str:
    return PurePath(str(source.attachment)).name


class Attached(NamedTuple):
    """A file as the form shows it: by a storage's own address it would be handed out past every question."""

    name: str
    url: str

    def __str__(self) -> str:
        return self.name


class AttachmentInput(forms.ClearableFileInput):
    def format_value(self, value: Any) -> Any:
        if not self.is_initial(value):
            return None
        return Attached(name_of_file(value.instance), reverse("editing:attachment", args=[value.instance.pk]))
