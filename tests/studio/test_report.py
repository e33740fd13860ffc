"""The report tells a helper what happened, and no planted secret comes through, wherever it was planted."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Status, Task, Trouble
from kling_desktop.store.settings import Settings
from kling_desktop.studio.report import Facts, end_of_log, written

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = Path("/home/somebody")
KEY = "qT7mZ0vKp2XcW9yRb4NfH6sJd8LgA1eU"
KNOWN = ("a-short-key", "3f2c9d1e8b7a6f5e4d3c2b1a09f8e7d6", "Quite an odd secret with spaces")
UNKNOWN = (
    "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJha18xIn0.4vDwE-3pQ",
    "api-key-kling-0123456789abcdef",
    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "Bearer kQ7-wZ9x",
)
SIGNED = "https://somebody:word@media.example/v/1.mp4?Signature=c0ffee&Expires=1#part"


def task(**changes: Any) -> Task:
    known: dict[str, Any] = {
        "id": "0123456789abcdef0123456789abcdef",
        "extension": Extension("747120938471209384", "A lighthouse blinks"),
        "profile": Profile("Studio A", Region.BEIJING),
        "status": Status.FAILED,
        "asked_at": NOON,
    }
    return Task(**(known | changes))


def report(*tasks: Task, with_prompts: bool = False, **changes: Any) -> str:
    facts = Facts({"Python": "3.11"}, Settings(), tasks, "", KNOWN, HOME)
    return written(replace(facts, **changes), with_prompts=with_prompts)


def planted(noun: Any, secret: str) -> list[Any]:
    """Copies of a frozen noun, each with the secret in another of its texts, also in the nouns inside it."""
    found = []
    hints = get_type_hints(type(noun))
    for field in fields(noun):
        value = getattr(noun, field.name)
        if hints[field.name] is str:
            found.append(replace(noun, **{field.name: secret}))
        elif hasattr(value, "__dataclass_fields__"):
            found += [replace(noun, **{field.name: inner}) for inner in planted(value, secret)]
    return found


FULL = task(
    kling_id="8" * 18,
    request_id="CjMkWmZ-3hYAAAAAAWx",
    message="Failure to pass the risk control system",
    units=Decimal(2),
    trouble=Trouble("RiskControl", 1301, "risk", "CjMkWmZ-3hYAAAAAAWy", 400),
    clip=Clip("9" * 18, url="https://media.example/v/1.mp4", seconds=Decimal("10.2")),
)


@pytest.mark.parametrize("secret", [*KNOWN, *UNKNOWN])
def test_no_field_of_a_task_lets_a_secret_through(secret: str) -> None:
    marked = planted(FULL, secret)
    assert len(marked) > 20
    text = report(*marked, with_prompts=True)
    assert secret not in text
    assert secret.removeprefix("Bearer ") not in text


@pytest.mark.parametrize("secret", [*KNOWN, *UNKNOWN, KEY])
def test_no_line_of_the_log_lets_a_secret_through(secret: str) -> None:
    lines = (secret, f'x "{secret}"', f"key={secret}, next", f"said: {secret}", f"https://a.example/b?k={secret}")
    assert secret not in report(log="\n".join(lines))


@pytest.mark.parametrize("secret", [*KNOWN, *UNKNOWN])
def test_no_setting_lets_a_secret_through(secret: str) -> None:
    texts = planted(Settings(), secret)
    shown = "".join(report(settings=settings) for settings in texts)
    shown += report(settings=Settings(profiles=(Profile(secret, Region.CUSTOM, f"https://{KEY}@kling.example"),)))
    assert secret not in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    "words", ["secret_key: hunter2", "password='hunter2'", '"api_key": "hunter2"', "token=hunter2"]
)
def test_what_is_called_a_secret_is_cut_out(words: str) -> None:
    assert "hunter2" not in report(log=words)


def test_of_an_address_only_the_place_remains() -> None:
    text = report(task(message=SIGNED), log=f"GET {SIGNED}")
    assert "https://media.example/v/1.mp4?[removed]" in text
    for part in ("Signature", "c0ffee", "somebody", "word@"):
        assert part not in text


def test_the_home_folder_is_not_named() -> None:
    text = report(log=f"{HOME}/films/take.mp4: no such file", settings=Settings(library_folder=HOME / "films"))
    assert str(HOME) not in text
    assert "~/films" in text


def test_prompts_come_only_with_leave() -> None:
    assert "lighthouse" not in report(FULL)
    assert "19 characters" in report(FULL)
    assert "A lighthouse blinks" in report(FULL, with_prompts=True)


def test_what_a_helper_needs_is_there() -> None:
    text = report(FULL, log="2026-03-01 12:00:00 INFO asked")
    for fact in (
        "3.11",
        FULL.id,
        "8" * 18,
        "CjMkWmZ-3hYAAAAAAWx",
        "1301",
        "RiskControl",
        "2026-03-01 12:00:00",
        "failed",
    ):
        assert fact in text
    assert "INFO asked" in text


def test_only_the_newest_tasks_are_told() -> None:
    text = report(*(task(id=f"own-{number}") for number in range(60)))
    assert "own-49" in text
    assert "own-50" not in text


def test_of_a_long_log_the_end_is_read_from_a_whole_line_on(tmp_path: Path) -> None:
    lines = [f"line {number} " + "x" * 90 for number in range(1000)]
    (tmp_path / "kling-desktop.log").write_text("\n".join(lines), encoding="utf-8")
    read = end_of_log(tmp_path).splitlines()
    assert read[-1] == lines[-1]
    assert read[0] in lines
    assert len(read) < 1000


def test_no_log_is_no_error(tmp_path: Path) -> None:
    assert end_of_log(tmp_path) == ""
    assert "(empty)" in report()


def test_what_kling_answered_is_in_the_report_with_its_http_status() -> None:
    text = report(FULL)
    assert "trouble: RiskControl 1301 risk" in text
    assert "HTTP status: 400" in text
