"""The running program, as a journey uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from kling_desktop.ui.rail.rail import ALL_TAKES
from tests.harness.desk.wrappers import unheard
from tests.journeys.creator import Creator

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox
    from kling_desktop.studio.pace import Pace

Start = Callable[..., AbstractAsyncContextManager[Creator]]


@pytest.fixture
def start(qapp: QApplication, sandbox: Sandbox, data_dir: Path) -> Start:
    """Starts the program on `data_dir`, with the keys of `sandbox` in the environment, and shows its window.

    Leaving the block closes the program as the creator would; entering it again is the next start. `by` is the address
    of something that stands on the way to the sandbox. It is no fixture that yields a running program: between test and
    teardown Qt's events are handled while the loop stands still.
    """

    qapp.setQuitOnLastWindowClosed(False)  # as the program does

    @asynccontextmanager
    async def started(by: str = "", pace: Pace | None = None, **environment: str) -> AsyncIterator[Creator]:
        from kling_desktop.app import Options, opened
        from tests.harness.engine import QUICK

        keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
        options = Options(data_dir=data_dir, api_base=by or sandbox.url, pace=pace or QUICK)
        async with opened(options, {**keys, **environment}) as program:
            program.window.show()
            program.window.show_rail(ALL_TAKES)
            creator = Creator(program, sandbox)
            await creator.sees(program.window.windowHandle().isExposed, "the window")
            program.window.activateWindow()  # a bare virtual screen has no window manager to do it
            await creator.sees(program.window.isActiveWindow, "the window to be active")
            creator.leaves_library()
            yield creator
            assert not unheard(), "a closed window takes them along"
            program.window.close()

    return started
