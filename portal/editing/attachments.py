"""Files that editors attach to a source: what may come in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from portal.core.formatting import format_number

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
    """Raise ValidationError unless the file is small enough and what its name says."""
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
