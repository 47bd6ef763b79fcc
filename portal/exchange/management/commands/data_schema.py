"""Print the data files' shape as JSON Schema, for an editor that checks while one types."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from pydantic import BaseModel

from portal.exchange.schema import CaseStudyFile, InnovationFile, MeasureFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "innovation": InnovationFile,
    "case-study": CaseStudyFile,
    "measure": MeasureFile,
}


class Command(BaseCommand):
    help = "Print the JSON Schema of an innovation, a case study or a measure."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(SCHEMAS))

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        self.stdout.write(json.dumps(SCHEMAS[kind].model_json_schema(), indent=2, ensure_ascii=False))
