"""A page announces every module that its script imports, so that a browser asks for all of them at once."""

from pathlib import Path

from webapp.pages.scripts import imported_by


def test_indirect_imports_are_found_once_the_nearest_first(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text(
        'import { a } from "./near.js";\nimport {\n  b,\n  c,\n} from "./far.js";\n'
    )
    (tmp_path / "js" / "near.js").write_text('import "./far.js";\nimport { io } from "../vendor/io.js";\n')
    (tmp_path / "js" / "far.js").write_text('/** @typedef {import("./types.js").A} A */\nconst a = "./text.js";\n')
    assert imported_by("js/main.js", tmp_path) == ("js/near.js", "js/far.js", "vendor/io.js")


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";\n')
    (tmp_path / "b.js").write_text('import "./a.js";\n')
    assert imported_by("a.js", tmp_path) == ("b.js",)
