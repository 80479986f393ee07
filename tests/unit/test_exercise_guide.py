"""docs/exercises.md lists every key of an exercise's file, with the defaults of the code."""

import re
from dataclasses import MISSING, Field, fields
from pathlib import Path

import pytest

from webapp.exercises import load_exercise
from webapp.motion.exercise import Condition, Count, Exercise, HoldPlan, Rule, Signal
from webapp.motion.measures import MEASURES
from webapp.recordings import play
from webapp.series import Series

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "exercises.md").read_text()
HEADS = {
    Exercise: "## Exercise",
    Count: "## Counting",
    Signal: "### `[[count.signal]]`",
    HoldPlan: "## Timing",
    Condition: "## Conditions",
    Rule: "## Form",
}
KEYS = {
    "signals": "[[count.signal]]",
    "count": "[count]",
    "hold": "[hold]",
    "conditions": "[[condition]]",
    "rules": "[[form]]",
    "low": "min",
    "high": "max",
}
DERIVED = {"name", "poses"}
"""Fields of an exercise that its file does not contain: they come from the file's name and from the library."""
RECORDS = pytest.mark.parametrize("record", HEADS, ids=lambda record: record.__name__)


def rows(head: str) -> dict[str, list[str]]:
    """Return the cells of the table below a heading, by the name in its first cell."""
    section = re.split(r"^##", GUIDE.split(f"\n{head}", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    table = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip(" `") for cell in cells] for cells in table}


def listed(record: type) -> list["Field[object]"]:
    return [one for one in fields(record) if record is not Exercise or one.name not in DERIVED]


@RECORDS
def test_the_guide_lists_every_key(record: type) -> None:
    assert sorted(rows(HEADS[record])) == sorted(KEYS.get(one.name, one.name) for one in listed(record))


@RECORDS
def test_the_guide_gives_the_defaults_of_the_code(record: type) -> None:
    table = rows(HEADS[record])
    plain = [one for one in listed(record) if isinstance(one.default, str | bool | int | float)]
    shown = {one.name: table[KEYS.get(one.name, one.name)][2] for one in plain}
    assert shown == {one.name: as_toml(one.default) for one in plain}


@RECORDS
def test_the_guide_marks_keys_without_a_default_as_required(record: type) -> None:
    table = rows(HEADS[record])
    required = {one.name for one in listed(record) if one.default is MISSING} - {"low", "high", "view"}
    assert {name for name in required if table[KEYS.get(name, name)][2] != "required"} == set()


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else '""'


def test_the_guide_defines_every_measure() -> None:
    assert set(re.findall(r"`(\w+)`", " ".join(cells[0] for cells in rows_of_measures()))) == MEASURES


def rows_of_measures() -> list[list[str]]:
    section = GUIDE.split("\n## Measures", 1)[1].split("\n## ", 1)[0]
    return [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]


def test_the_example_of_the_guide_counts_a_recording(tmp_path: Path) -> None:
    example = GUIDE.split("```toml\n", 1)[1].split("```", 1)[0]
    path = tmp_path / "box_squat.toml"
    path.write_text(example)
    series = Series.load(ROOT / "tests" / "data" / "series" / "squat_side_1.npz")
    assert play(load_exercise(path), series.estimates()).count == 5


def test_the_readmes_python_example_counts_as_documented() -> None:
    code = (ROOT / "README.md").read_text().split("```python\n", 1)[1].split("```", 1)[0]
    said = int(code.rpartition("# ")[2])
    known: dict[str, object] = {}
    exec(code.replace("tests/data", str(ROOT / "tests" / "data")).replace("print(", "count = (", 1), known)
    assert known["count"] == said
