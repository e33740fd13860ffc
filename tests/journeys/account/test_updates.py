"""Help > Check for updates: nobody is asked before the press; then what is new is told, over a real socket."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kling_desktop.studio.program.updates import Updates
from kling_desktop.ui.help.updates_dialog import UpdatesDialog
from kling_desktop.ui.wiring.dialogs.updates import UpdatesWiring
from tests.harness.servers.odd_server import OddServer, response
from tests.harness.servers.releases import PUBLIC_KEY, release, signed
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator


async def _opened(creator: Creator, server: OddServer) -> UpdatesDialog:
    (wiring,) = creator.window.findChildren(UpdatesWiring)
    wiring._updates = Updates(server.url, PUBLIC_KEY)
    creator.window.menu_bar.updates_asked.emit()
    return await creator.sees(lambda: creator.window.findChild(UpdatesDialog), "the dialog")


async def test_a_press_tells_what_is_new_and_before_it_nobody_is_asked(start: Start) -> None:
    with OddServer(lambda _: [response(signed(release()))]) as server:
        async with start() as creator:
            dialog = await _opened(creator, server)
            assert server.url in dialog.sentence.text()
            assert server.heard == []
            QTest.mouseClick(dialog.ask, Qt.MouseButton.LeftButton)
            await creator.sees(lambda: "99.1" in dialog.sentence.text(), "the newer version")
            assert dialog.changes.toPlainText() == "Faster."
    assert len(server.heard) == 1


async def test_an_answer_that_is_not_signed_is_told_as_no_answer(start: Start) -> None:
    with OddServer(lambda _: [response(b'{"signed": "", "signature": ""}')]) as server:
        async with start() as creator:
            dialog = await _opened(creator, server)
            QTest.mouseClick(dialog.ask, Qt.MouseButton.LeftButton)
            await creator.sees(lambda: "could not be learnt" in dialog.sentence.text(), "the word about it")
            assert dialog.ask.isEnabled()
