"""Take an upload in: what is larger than we read is let go by as it comes, not kept."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from portal.exchange.imports.reading import limits

FORM_BYTES = 100_000


class AtMost(FileUploadHandler):
    """Keeps no more of a file once it is too large; the rest is read and forgotten, so that the answer gets through.

    Stopping the upload would have Django read the rest line by line: minutes, for short lines.
    """

    is_too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **more: Any) -> None:
        self.is_too_large = content_length > limits.FILE_BYTES + FORM_BYTES
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        self.is_too_large = self.is_too_large or self.received > limits.FILE_BYTES
        return None if self.is_too_large else raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the keeping to the next handler."""
