"""The contract with Kling: the official page's own examples are written and read by the rows of the endpoints."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Extension
from kling_desktop.kling.endpoints import ENDPOINTS, read_page, read_standing, written_extension
from kling_desktop.kling.envelope import opened
from tests.kling_bodies import ASKED, CREATED, MADE_MS, QUERIED

SEED = Path(__file__).parents[2] / "shared" / "seed"
MADE_AT = datetime.fromtimestamp(MADE_MS / 1000, UTC)


def page_text() -> str:
    """The official page, where it lies beside the checkout."""
    pages = sorted(SEED.glob("*.txt")) if SEED.is_dir() else []
    if not pages:
        pytest.skip("the official page does not lie beside this checkout")
    sections: dict[str, str] = json.loads(pages[0].read_text("utf-8"))
    return "\n".join(sections.values())


def bodies_of(page: str) -> list[dict[str, Any]]:
    """Every JSON answer that the page shows as a whole, its notes taken out and its placeholders made JSON."""
    bare = re.sub(r"//[^\n]*", "", page).replace(": boolean", ": true")
    found = []
    for start in (match.start() for match in re.finditer(r'^\{\n"code"', bare, re.MULTILINE)):
        try:
            found.append(json.JSONDecoder().raw_decode(bare, start)[0])
        except ValueError:
            continue  # the page's sections overlap and cut some examples in two
    return found


def test_the_pages_bodies_are_the_ones_that_we_test_with() -> None:
    bodies = bodies_of(page_text())
    assert CREATED in bodies
    assert QUERIED in bodies


def test_the_page_names_our_path_and_all_fields_that_we_write() -> None:
    page = page_text()
    path = ENDPOINTS[Kind.EXTENSION].path
    assert f"POST\n{path}\n" in page
    assert f"GET\n{path}/{{id}}\n" in page
    assert "pageNum=1&pageSize=30" in page
    whole = Extension("1", "p", "n", 0.5, True, "https://cb.invalid/")
    for name in json.loads(written_extension(whole, "own")):
        assert f"\n{name}\n" in page


def test_the_create_example_is_read() -> None:
    envelope = opened(200, {}, json.dumps(CREATED).encode())
    standing = read_standing(Kind.EXTENSION, envelope.data, envelope.request_id)
    assert (standing.kling_id, standing.external_id, standing.request_id) == ("string", "string", "string")
    assert (standing.status, standing.raw_status) == (None, "string")
    assert (standing.created_at, standing.updated_at) == (MADE_AT, MADE_AT)


def test_the_query_example_is_read() -> None:
    envelope = opened(200, {}, json.dumps(QUERIED).encode())
    standing = read_standing(Kind.EXTENSION, envelope.data, envelope.request_id)
    assert standing.message == "string"
    assert standing.units is None, '"string" is no number'
    assert standing.clip is not None
    assert standing.parent is not None
    assert (standing.clip.id, standing.clip.parent_id, standing.clip.url) == ("string", "string", "")
    assert read_page(Kind.EXTENSION, [envelope.data]) == [read_standing(Kind.EXTENSION, envelope.data)]


def test_the_request_example_is_written_without_the_fields_left_alone() -> None:
    extension = Extension(ASKED["video_id"], ASKED["prompt"])
    written = json.loads(written_extension(extension, "own-1"))
    assert written == {name: value for name, value in ASKED.items() if value} | {"external_task_id": "own-1"}
