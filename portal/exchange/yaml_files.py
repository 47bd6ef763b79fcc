"""Read one YAML data file into its schema; every problem names file, key and reason."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Schema = TypeVar("Schema", bound=BaseModel)


class BrokenDataFile(Exception):
    """A data file can't be loaded; the message names file, key and reason, one line each."""


class _Loader(yaml.CSafeLoader):
    """Safe YAML that keeps decimals and dates as written and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key '{key}' stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":")[-1] not in ("float", "timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _lines(path: Path, error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"]) or "(whole file)"
        reason = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{path}: {key}: {reason}")
    return lines


def read_yaml(path: Path, schema: type[Schema], *, shown_as: Path | None = None) -> Schema:
    """Return the file's content as `schema`, or raise BrokenDataFile with every problem in it."""
    name = shown_as or path
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # nosec B506  # a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BrokenDataFile(f"{name}: not readable as YAML: {' '.join(str(error).split())}") from error
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        raise BrokenDataFile("\n".join(_lines(name, error))) from error
