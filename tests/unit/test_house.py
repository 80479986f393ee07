"""Rules of the project that no linter checks."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from click import Context

from webapp import errors
from webapp.commands import posecoach
from webapp.exercises import load_library
from webapp.settings import table

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


def committed(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.check_output(["git", "ls-files", "-z", *patterns], cwd=ROOT, text=True).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pinned(lock: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json", ".npmrc"])
def test_no_lock_names_a_registry(lock: str) -> None:
    # the lock of npm repeats where a package's author takes donations
    assert "://" not in re.sub(r'"url": "https://\S+"', "", (ROOT / lock).read_text())


def test_no_line_of_an_exercise_is_too_long() -> None:
    lines = [(path.name, line) for path in committed("webapp/*.toml") for line in path.read_text().splitlines()]
    assert lines
    assert [(name, line) for name, line in lines if len(line) > 120] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_python_package_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_locked_npm_package_has_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_only_the_headless_opencv_is_locked() -> None:
    assert [name for name in pinned("requirements-dev.lock") if "opencv" in name] == ["opencv-python-headless"]


def test_the_tests_run_on_the_versions_that_users_get() -> None:
    tested = pinned("requirements-dev.lock")
    assert {name: tested.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")


@pytest.mark.parametrize(("files", "most"), [("*.py", 300), ("*.css", 400)])
def test_no_module_and_no_style_sheet_is_longer_than_it_may_be(files: str, most: int) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in committed(files)}
    assert {name: lines for name, lines in lengths.items() if lines > most} == {}


def test_every_error_is_in_the_drawn_tree() -> None:
    def names(kind: type[errors.AppError]) -> list[str]:
        return [kind.__name__, *(name for own in kind.__subclasses__() for name in names(own))]

    drawn = re.findall(r"^ {4}[|` -]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(names(errors.AppError))


def test_no_weights_and_no_installed_files_are_committed() -> None:
    assert committed("*.tflite", "*.task", "*.onnx", "*.h5", "*.mp4", "*.webm", "static/vendor", "node_modules") == []


def test_the_readme_lists_the_settings_that_there_are() -> None:
    assert f"<!-- settings -->\n{table()}\n<!-- /settings -->" in (ROOT / "README.md").read_text()


def test_every_link_in_the_documents_leads_to_a_file_and_a_heading() -> None:
    dead = [
        f"{document.name}: {path}#{heading}"
        for document in committed("*.md")
        for path, heading in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", document.read_text())
        if not leads_somewhere(document, path, heading)
    ]
    assert dead == []


def leads_somewhere(document: Path, path: str, heading: str) -> bool:
    target = document.parent / path if path else document
    if not target.exists():
        return False
    titles = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE) if heading else []
    return not heading or heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_names_every_exercise_and_every_command() -> None:
    readme = (ROOT / "README.md").read_text().lower()
    assert [known.name for known in load_library([]).values() if known.title.lower() not in readme] == []
    assert [name for name in posecoach.list_commands(Context(posecoach)) if f"`posecoach {name}`" not in readme] == []
