"""How the log is written: one record is one line, whatever a visitor put into it."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter

# Besides ASCII's: the line and paragraph separators of Unicode, and C1, where terminals find commands.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def without_controls(text: str) -> str:
    """Write each control character as an escape, so that it begins no line and moves no cursor."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class OneLine(logging.Formatter):
    """For people: time, level, logger, request and message. Only a traceback, which is ours, has lines of its own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request_id", "")
        return without_controls(super().formatMessage(record)) + (f" [{request}]" if request else "")

    def formatException(self, ei: object) -> str:
        lines = super().formatException(ei).splitlines()  # type: ignore[arg-type]
        return "\n".join(f"    {without_controls(line)}" for line in lines)


class JsonLines(JsonFormatter):
    """For programs: an object a line, with whatever `extra` a caller gave."""

    def __init__(self) -> None:
        super().__init__(
            "{levelname}{name}{message}{process}",
            style="{",
            timestamp="at",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=True,
        )
