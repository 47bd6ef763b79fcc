"""docs/faults.md: each fault of the plan has a test that is there, or says plainly that it has none."""

import re
from pathlib import Path

ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_fault_names_its_test_or_its_gap(checkout: Path) -> None:
    rows = ROW.findall((checkout / "docs" / "faults.md").read_text())

    assert [int(number) for number, _, _ in rows] == list(range(1, 65))
    for number, _, told in rows:
        named = TEST.findall(told)
        assert named or told.startswith("as ") or "**not tested**" in told.lower(), number
        for file, test in named:
            source = (checkout / file).read_text()
            assert not test or f"def {test}" in source, f"fault {number} names {file}::{test}, which is not there"
