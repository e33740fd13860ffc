"""What a creator does in the window, by keys and mouse, and what there is to be seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from kling_desktop.domain.tasks import Status, Task
from tests.harness.servers import control
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.app import Program
    from kling_desktop.ui.extend.extend_form import ExtendForm
    from kling_desktop.ui.takes.task_list import TaskList
    from kling_desktop.ui.viewer.viewer import Viewer

Found = TypeVar("Found")


class Served(Protocol):
    """A sandbox, of this process or another."""

    @property
    def url(self) -> str: ...


class Creator:
    """Hands and eyes before the running program."""

    def __init__(self, program: Program, sandbox: Served) -> None:
        self.program = program
        self.window = program.window
        self._sandbox = sandbox

    @property
    def form(self) -> ExtendForm:
        """As it stands now: another language brings another."""
        return self.window.form

    @property
    def tasks(self) -> TaskList:
        """As it stands now."""
        return self.window.tasks

    @property
    def viewer(self) -> Viewer:
        """As it stands now."""
        return self.window.viewer

    # --- eyes ---

    async def sees(
        self,
        condition: Callable[[], Found | Literal[False] | None],
        what: str,
        timeout: float = 40,  # noqa: ASYNC109 - handed on
    ) -> Found:
        """Wait until it is so."""
        return await until(condition, timeout, what)

    def newest(self) -> Task | None:
        """The task of the first row."""
        return self.take(0)

    def take(self, number: int) -> Task | None:
        """The task of row `number`, heads not counted."""
        layout = self.tasks.model.layout
        return self.tasks.model.task(layout.row(number)) if number < layout.takes else None

    async def sees_take(self, timeout: float = 60) -> Task:  # noqa: ASYNC109 - handed on
        """Wait until the newest task is done and its file is here."""

        def kept() -> Task | None:
            task = self.newest()
            done = task is not None and task.status is Status.SUCCEEDED and task.clip is not None and task.clip.file
            return task if done else None

        return await until(kept, timeout, "the newest take to be kept")

    def banners(self) -> str:
        """All that stands in the notices now."""
        return " ".join(self.window.notices.texts())

    # --- hands ---

    def leaves_library(self) -> None:
        """Go on from the library's page, which a first start shows, to the empty form."""
        page = self.window.findChild(QWidget, "library")
        field = page.findChild(QLineEdit) if isinstance(page, QWidget) and page.isVisible() else None
        if isinstance(field, QLineEdit):
            self.presses(field, Qt.Key.Key_Escape)

    def types(self, widget: QWidget, text: str) -> None:
        """Click into a field and type."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QTest.keyClicks(widget, text)

    def writes(self, prompt: str) -> None:
        """Write a prompt in place of what stands there."""
        self.form.fields.prompt.edit.selectAll()
        self.types(self.form.fields.prompt.edit, "")
        self.form.fields.prompt.edit.selectAll()
        QTest.keyClick(self.form.fields.prompt.edit, Qt.Key.Key_Delete)
        QTest.keyClicks(self.form.fields.prompt.edit, prompt)

    def presses(self, widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key in a widget."""
        together = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            together |= modifier
        QTest.keyClick(widget, key, together)

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click the left button in the middle of a widget, or at a point of it."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def clicks_row(self, row: int) -> None:
        """Click a row of the list, heads not counted."""
        table = self.tasks.table
        row = self.tasks.model.layout.row(row)
        self.clicks(table.viewport(), table.visualRect(table.model().index(row, 0)).center())

    def saves_as(self, dialog: QFileDialog, file: Path) -> None:
        """Type a path into the save dialog and press its button."""
        name = dialog.findChild(QLineEdit)
        buttons = dialog.findChild(QDialogButtonBox)
        assert isinstance(name, QLineEdit)
        assert isinstance(buttons, QDialogButtonBox)
        name.setText(str(file))
        self.clicks(buttons.button(QDialogButtonBox.StandardButton.Save))

    def asks(self, video_id: str, prompt: str) -> None:
        """Fill in the form and send it by Ctrl+Enter."""
        self.form.fields.clip_row.field.clear()
        self.types(self.form.fields.clip_row.field, video_id)
        self.writes(prompt)
        self.presses(self.form.fields.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    async def speaks(self, language: str) -> None:
        """Choose another language, and wait until the panels speak it."""
        before = self.window.shell
        self.window.menu_bar.language_chosen.emit(language)
        await self.sees(lambda: self.window.shell is not before, "the panels in another language")

    # --- the sandbox behind it ---

    def clip_id(self, tag: str) -> str:
        """Video id of one of the clips that a fresh sandbox has."""
        return next(str(job["video_id"]) for job in self.ask("shelf") if job["external_task_id"] == tag)

    def ask(self, name: str) -> Any:
        """What the sandbox's control route of this name answers."""
        return control.ask(self._sandbox.url, name)

    def tell(self, name: str, **body: Any) -> None:
        """Throw one of the sandbox's switches."""
        control.tell(self._sandbox.url, name, **body)
