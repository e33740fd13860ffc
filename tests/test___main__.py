"""The command line says what it can do, and answers without loading Qt."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kling_desktop import __main__, __version__
from tests.benchmarks.start_up import HEAVY


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = "\n".join(
        (
            "import sys",
            "from kling_desktop.__main__ import main",
            f"try: main({list(arguments)!r})",
            "finally: print('PySide6' in sys.modules)",
        )
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)


def test_the_version_is_told_at_once() -> None:
    told = _run("--version")
    assert told.returncode == 0
    assert told.stdout.splitlines() == [f"kling-desktop {__version__}", "False"]


def test_help_names_every_option() -> None:
    told = _run("--help").stdout
    for option in ("--sandbox", "--data-dir DIR", "--api-base URL", "--version", "--tour DIR", "--states", "FILE"):
        assert option in told


def test_a_word_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        __main__.main(["--sandbx", "x"])
    assert refusal.value.code == 2
    assert "--sandbx" in capsys.readouterr().err


def test_the_program_is_loaded_without_what_only_its_work_needs() -> None:
    """Reading and writing films, HTTP and keys: each takes longer to load than the window may."""
    script = f"import sys, kling_desktop.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
