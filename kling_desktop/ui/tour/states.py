"""Pictures of every screen and state: light and dark, small and large, stopped, failed, compared, in Chinese."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QPixmap

from kling_desktop.domain.takes import Gate
from kling_desktop.domain.tasks import Status
from kling_desktop.ui.compare.compare import Comparison
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.lane_head import GATES
from kling_desktop.ui.tour.hands import Hands, StepFailed, say, segment, until
from kling_desktop.ui.tour.screens import Screens
from kling_desktop.ui.tour.tour import CTRL, FIFTH, SECOND
from kling_desktop.ui.window import Window

USUAL, SMALL, LARGE = QSize(1440, 900), QSize(900, 600), QSize(1920, 1080)
FAILING = "A risky fall from the roof"
"""The sandbox charges nothing for it, and says what Kling says of such words."""

STOPPING = "The lamps go on along the shore"


class States:
    """Begins where the tour has ended: with a film of five hops."""

    def __init__(self, window: Window, folder: Path) -> None:
        self._window = window
        self._hands = Hands(window, folder)
        self._screens = Screens(self._hands)

    async def take(self) -> int:
        """All pictures, each said on the terminal. 0 only if every state was really there."""
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("The whole window, dark and light", self._whole),
            ("900 x 600, and 4K at scale 2", self._sizes),
            ("Takes side by side", self._compare),
            ("A failed take, and what helps", self._fail),
            ("A plan that has stopped", self._stop),
            ("Every page, view and dialog, dark", self._screens_dark),
            ("The same, light", self._screens_light),
            ("The window in Chinese", self._chinese),
        )
        code = 0
        await until(self._window.windowHandle().isExposed, "the window")
        self._window.activateWindow()
        for words, step in steps:
            try:
                await step()
            except StepFailed as failure:
                self._hands.picture(f"failed-{step.__name__.strip('_')}")
                say(f"failed  {words}: waited for {failure}")
                code = 1
            else:
                say(f"ok      {words}")
        return code

    async def _whole(self) -> None:
        await self._resize(USUAL)
        await self._hands.click_take(FIFTH, self._hands.cards(CardKind.MADE)[-1].take)
        await self._keep("main-dark")
        self._window.menu_bar.theme_chosen.emit("light")
        await self._keep("main-light")
        self._window.menu_bar.theme_chosen.emit("dark")

    async def _sizes(self) -> None:
        await self._resize(SMALL)
        await self._keep("main-900x600")
        await self._resize(LARGE)
        await self._hands.rest()
        picture = QPixmap(LARGE * 2)
        picture.setDevicePixelRatio(2)
        self._window.render(picture)
        if not picture.save(str(self._hands.folder / "main-4k.png")):
            raise StepFailed("main-4k.png to be written")
        await self._resize(USUAL)

    async def _compare(self) -> None:
        await self._hands.click_take(SECOND, 1)
        tree = self._window.tree.tree
        other = next(
            row for row in range(tree.rows.rowCount()) if (r := tree.rows.row(row)) and _is_other(r.words, r.take)
        )
        chosen = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        tree.selectionModel().select(tree.rows.index(other, 0), chosen)
        self._hands.press(tree, Qt.Key.Key_C)
        comparison = await until(lambda: self._window.findChild(Comparison), "the comparison")
        await until(comparison.isVisible, "the comparison to be seen")
        await self._keep("compare")
        self._hands.press(comparison, Qt.Key.Key_Escape)
        await until(lambda: not comparison.isVisible(), "the film again")

    async def _fail(self) -> None:
        self._window.activateWindow()
        await self._hands.write(FAILING)
        self._hands.click(segment(self._window.form.foot.takes, 0))
        self._hands.press(self._window.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL)
        await until(
            lambda: (
                (tasks := self._hands.tasks())
                and (tasks[0].extension.prompt, tasks[0].status) == (FAILING, Status.FAILED)
            ),
            "the task to fail",
        )
        self._window.tasks.select(self._hands.tasks()[0].id)
        await until(self._window.doctor.isVisible, "the doctor's card")
        await self._keep("failed-task")

    async def _stop(self) -> None:
        head, form = self._window.film.head, self._window.form
        await self._hands.click_take(FIFTH, self._hands.cards(CardKind.MADE)[-1].take)
        for words in (STOPPING, SECOND):
            await self._hands.write(words)
            form.plan()
        await until(lambda: len(self._hands.cards(CardKind.PLANNED)) == 2, "two planned hops")
        self._hands.click(segment(head.gates, GATES.index(Gate.ASK)))
        self._hands.click(head.run)
        await until(lambda: self._hands.cards(CardKind.RUNNING), "the hop to run")
        await self._keep("plan-running")
        await until(head.accept.isVisible, "the plan to stop")
        await self._keep("plan-stopped")

    async def _screens_dark(self) -> None:
        await self._screens.take("")

    async def _screens_light(self) -> None:
        self._window.menu_bar.theme_chosen.emit("light")
        await self._screens.take("-light")
        await self._resize(SMALL)
        await self._keep("main-light-900x600")
        await self._resize(USUAL)
        self._window.menu_bar.theme_chosen.emit("dark")

    async def _chinese(self) -> None:
        before = self._window.shell
        self._window.menu_bar.language_chosen.emit("zh_CN")
        await until(lambda: self._window.shell is not before, "panels in the other language")
        await self._resize(USUAL)
        await until(lambda: self._hands.cards(CardKind.MADE), "the film")
        await self._keep("main-zh")
        await self._screens.take("-zh")
        await self._resize(SMALL)
        await self._keep("main-zh-900x600")

    # --- what several do -----------------------------------------------------------------------------------------

    async def _resize(self, size: QSize) -> None:
        self._window.resize(size)
        await until(lambda: self._window.size() == size, f"a window of {size.width()} x {size.height()}")

    async def _keep(self, name: str) -> None:
        await self._hands.rest()
        self._hands.picture(name)


def _is_other(words: str, take: int) -> bool:
    return words == SECOND and take != 1
