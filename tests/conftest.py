"""Fixtures that every test may ask for, and the surroundings that every test gets."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from kling_desktop import __version__
from screen import ScreenMissing, virtual_screen
from tests.harness.desk.keychain import KeychainMissing, forget_secrets, secret_service
from tests.harness.desk.surroundings import NetworkGuard, furnish

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox
    from tests.harness.patience import PatientBot

pytest_plugins = ["tests.harness.desk.guards", "tests.harness.desk.garbage", "tests.harness.desk.wrappers"]

# A machine that does other things meanwhile is slow, and its tests are right all the same: no example has a deadline.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_open = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Open a virtual screen of this run's own; without Xvfb the windows are drawn in memory only."""
    config.stash[_open] = ExitStack()
    if "QT_QPA_PLATFORM" in os.environ or _runs_no_test(config):
        return
    try:
        os.environ |= config.stash[_open].enter_context(virtual_screen())
    except ScreenMissing:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _runs_no_test(config: pytest.Config) -> bool:
    """Whether no test runs in this process: a list is wanted, or others do it, each on a screen of its own.

    They inherit our variables: with a screen among them they would fight for the focus of one.
    """
    return bool(config.option.collectonly or getattr(config.option, "numprocesses", None))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_open].close()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Function
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """A coroutine test that asks for `qapp` runs on Qt's loop, as the program does; any other on asyncio's."""
    if "qapp" in item.fixturenames:
        return {"qasync": _qt_loop}
    return {"asyncio": asyncio.new_event_loop}


def _qt_loop() -> asyncio.AbstractEventLoop:
    import qasync
    from PySide6.QtWidgets import QApplication

    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QApplication.instance())
    return loop


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, with more patience."""
    from tests.harness.patience import PatientBot

    return PatientBot(request)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, the XDG folders in it, no KLING_ variables, and no network beyond this machine."""
    folder = tmp_path_factory.mktemp("home")
    furnish(folder, monkeypatch)
    network = NetworkGuard()
    network.install(monkeypatch)
    yield folder
    assert not network.refused, f"The test reached for {network.refused}; tests talk to this machine only."


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder for the program's own data, as `--data-dir` would name it; not made yet."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def media_cache() -> Path:
    """Where the sandbox keeps the clips it made; shared by all tests and all runs of this version."""
    folder = Path(tempfile.gettempdir()) / f"kling-desktop-media-{__version__}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def sandbox(tmp_path: Path, media_cache: Path) -> Iterator[Sandbox]:
    """A running pretended Kling of this test's own, quick and small."""
    from kling_desktop.sandbox.server import Sandbox

    with Sandbox(tmp_path / "sandbox", speed="instant", size="small", cache_dir=media_cache) as server:
        yield server


@pytest.fixture(scope="session")
def _secret_service() -> Iterator[str]:
    with ExitStack() as stack:
        try:
            address = stack.enter_context(secret_service())
        except KeychainMissing as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(f"CI must have a Secret Service: {missing}")
            pytest.skip(f"no Secret Service: {missing}")
        yield address


@pytest.fixture
def keyring(_secret_service: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real, unlocked, empty Secret Service behind `import keyring`; gives its bus address, for child processes."""
    import keyring.core
    from keyring.backends.SecretService import Keyring

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", _secret_service)
    # Named, since the library's own choice is made once per process and would see backends that tests define.
    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())  # type: ignore[no-untyped-call]  # the library's constructors have no types
    yield _secret_service
    forget_secrets(_secret_service)
