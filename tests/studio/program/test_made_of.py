"""What the program is made of is read from what is there: an installer's list, or what pip has installed."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

from kling_desktop.studio.program.made_of import Ingredient, read_ingredients


def test_what_an_installer_has_written_is_told_as_it_is(tmp_path: Path) -> None:
    listed = tmp_path / "licences.json"
    listed.write_text(json.dumps([["libx264", "", "GPL-2.0-or-later", "a note"], ["httpx", "1", "BSD", ""]]))
    assert read_ingredients(listed) == (Ingredient("libx264", "", "GPL-2.0-or-later"), Ingredient("httpx", "1", "BSD"))


def test_without_an_installer_it_is_what_pip_has_brought_along(tmp_path: Path) -> None:
    found = {one.name.lower(): one for one in read_ingredients(tmp_path / "none")}
    assert found["av"].version == metadata.version("av")
    assert found["h11"].licence, "what is asked for by what we ask for"
    assert {"pyside6-essentials", "shiboken6", "fontpkg-inter"} <= {name.replace("_", "-") for name in found}
    assert "pytest" not in found
    assert "kling-desktop" not in found
    assert [name for name, one in found.items() if not one.licence] == []
