"""A dialog for the keys of one profile: enter, test for free, store in the keyring, forget."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.accounts import Credentials, Profile
from kling_desktop.domain.tasks import Trouble
from kling_desktop.domain.units import Cap, CapScope
from kling_desktop.errors import KeyringAwaited, kind_of
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.key_entry import KeyEntry, Recognise
from kling_desktop.ui.accounts.profile_entry import ProfileEntry
from kling_desktop.ui.budget.cap_entry import CapEntry
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest

_WIDTH = 480
_FIRST_CAP = Decimal(50)
"""Units a day that are offered to whoever connects an account."""


class KeysDialog(QDialog):
    """Open it with `open()`. Credentials of None in its signals mean: those that are stored already."""

    test_asked = Signal(object, object)
    """Profile, Credentials | None."""
    save_asked = Signal(object, object, bool)
    """Profile, Credentials | None, whether for this session only."""
    forget_asked = Signal(str)
    """Name of the profile whose keys are to be deleted; already confirmed."""

    def __init__(self, recognise: Recognise, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_credentials = False
        self._stored_name = ""
        self._keyring: Trouble | None = None
        self.profile = ProfileEntry(self)
        self.keys = KeyEntry(recognise, self)
        self.caps = CapEntry((CapScope.DAY,), self)
        self._steps = QStackedWidget(self)
        self._make_words()
        self._make_verdict()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.show_keyring(None)
        self.edit(Profile(""), False)
        self.setMinimumWidth(scaled(_WIDTH))

    def edit(self, profile: Profile, has_credentials: bool) -> None:
        """Show a profile to change, or a new one with an empty name."""
        self._has_credentials = has_credentials
        self._stored_name = profile.name
        self.profile.show_profile(profile)
        self.keys.show_stored(has_credentials)
        self.caps.show_caps([] if has_credentials else [Cap(profile.name, CapScope.DAY, _FIRST_CAP)])
        self.turn_to(0)
        self.forget.setVisible(has_credentials)
        self._show_console()

    def is_about(self, name: str) -> bool:
        """Whether it stands for the profile that has, or had when it was opened, this name."""
        return name in (self._stored_name, self.profile.profile().name)

    def show_answer(self, has_credentials: bool, trouble: Trouble | None) -> None:
        """The keyring, which was waited for, has answered: whether it has keys, or why it cannot say. What was entered
        meanwhile stays.
        """
        self._has_credentials = has_credentials
        self.forget.setVisible(has_credentials)
        if not self.keys.is_begun:
            self.keys.show_stored(has_credentials)
        self.show_keyring(trouble)

    def turn_to(self, step: int) -> None:
        """Show the first step (0) or the second (1), without the verdict of an earlier test."""
        self._verdict.hide()
        self.anyway.hide()
        self._steps.setCurrentIndex(step)
        self.setWindowTitle(tr("Connect Kling · {step} of 2", step=step + 1))
        (self.save if step else self.test).setDefault(True)
        for button, of_step in ((self.test, 0), (self.close_button, 0), (self.back, 1), (self.save, 1)):
            button.setVisible(step == of_step)
        self._free.setVisible(not step)

    def show_connected(self, sentence: str, rows: Sequence[tuple[bool, str, str]], details: str = "") -> None:
        """The keys work: say what Kling told, each as sound or worth a look, name and words; and go to what is left."""
        self.turn_to(1)
        self._rows.show_rows(rows)
        self.show_verdict(True, sentence, details)
        self.save.setFocus()

    def show_verdict(self, ok: bool, sentence: str, details: str = "") -> None:
        """Say how the test or the saving went: a sentence, and the service's raw words beneath."""
        self._sign.show_sign("check" if ok else "warning", "ok" if ok else "bad")
        self._sentence.setText(sentence)
        self._sentence.dress(danger=not ok, heading=True)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        self._verdict.show()
        self.anyway.setVisible(not ok and not self._steps.currentIndex() and self._is_complete())
        QTimer.singleShot(0, self, self._grow)

    def show_busy(self, is_busy: bool) -> None:
        """Say that Kling or the keyring is being asked."""
        for button in (self.test, self.save, self.forget, self.anyway):
            button.setEnabled(not is_busy)
        self.test.setText(tr("Asking Kling…") if is_busy else tr("Test the keys"))
        if is_busy:
            self._verdict.hide()

    def show_keyring(self, trouble: Trouble | None) -> None:
        """Say in place where the secret is kept: in the keyring, or why it cannot be."""
        self._keyring = trouble
        self.session_only.setEnabled(not self._is_refused())
        self._say_where()

    def _is_refused(self) -> bool:
        """Whether the keyring cannot be had. One that is waited for may still answer."""
        return self._keyring is not None and not issubclass(kind_of(self._keyring), KeyringAwaited)

    def _make_words(self) -> None:
        self.console = QToolButton(self)  # a link in a label is no stop for Tab and Enter
        self.console.setIcon(theme.icon("key"))
        self.console.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.console.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session_only = QComboBox(self)
        self.session_only.addItem(tr("in the system keyring"), False)
        self.session_only.addItem(tr("for this session only"), True)
        self.session_only.setAccessibleName(tr("Keep the keys"))
        self._where = Sentence(parent=self)
        self._note = Sentence(
            tr("Videos made in the Kling web app cannot be extended through the API: it has its own units and videos."),
            self,
        )
        self._note.dress(quiet=True)

    def _make_verdict(self) -> None:
        self._verdict = QWidget(self)
        self._sign = Sign(self._verdict)
        self._sentence = Sentence(parent=self._verdict)
        self._details = Sentence(parent=self._verdict)
        self._details.dress(quiet=True)
        self._details.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = QHBoxLayout(self._verdict)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        words = QVBoxLayout()
        words.setSpacing(theme.GAP // 2)
        words.addWidget(self._sentence)
        words.addWidget(self._details)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        nest(row, words, 1)

    def _make_buttons(self) -> None:
        self.test = QPushButton(tr("Test the keys"), self)
        self.test.setProperty("primary", True)
        self.test.setToolTip(tr("Asks for the account's unit packs. This costs nothing."))
        self.save = QPushButton(tr("Connect"), self)
        self.save.setProperty("primary", True)
        self.anyway = QPushButton(tr("Go on untested"), self)
        self.anyway.hide()
        self.forget = QPushButton(tr("Delete keys…"), self)
        self.back = QPushButton(tr("Back"), self)
        self.close_button = QPushButton(tr("Cancel"), self)
        self._free = QLabel(tr("The test costs nothing."), self)
        self._free.setProperty("quiet", True)
        for button in (self.forget, self.back, self.close_button, self.anyway):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        for widget in (self.close_button, self.back, self.forget):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self._free)
        for button in (self.anyway, self.test, self.save):
            buttons.addWidget(button)
        self._steps.addWidget(self._first_step())
        self._steps.addWidget(self._second_step())
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(2 * theme.GAP)
        column.addWidget(self._verdict)
        column.addWidget(self._steps, 1)
        nest(column, buttons)

    def _first_step(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(_heading(tr("Where do you log in?"), page))
        column.addWidget(self.profile)
        column.addSpacing(theme.GAP)
        paste, words = QHBoxLayout(), _heading(tr("Paste what the console gave you"), page)
        words.setWordWrap(True)
        paste.addWidget(words, 1)
        paste.addWidget(self.console)
        nest(column, paste)
        column.addWidget(self.keys)
        column.addWidget(self._note)
        column.addStretch(1)
        return page

    def _second_step(self) -> QWidget:
        page = QWidget(self)
        self._rows = FactRows(page)
        form = QFormLayout()
        form.setSpacing(theme.GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Name"), self.profile.name)
        form.addRow(tr("Keep the keys"), self.session_only)
        form.addRow("", self._where)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self._rows)
        column.addSpacing(theme.GAP)
        nest(column, form)
        column.addWidget(self.caps)
        column.addStretch(1)
        return page

    def _grow(self) -> None:
        """Make room for what is said: Qt does not do it for sentences that wrap, it squeezes the fields instead."""
        column = self.layout()
        if column is not None:
            self.resize(self.width(), max(self.height(), column.totalHeightForWidth(self.width())))

    def _connect(self) -> None:
        self.profile.edited.connect(self._changed)
        self.keys.edited.connect(self._changed)
        self.session_only.currentIndexChanged.connect(self._say_where)
        self.anyway.clicked.connect(lambda: self.turn_to(1))
        self.back.clicked.connect(lambda: self.turn_to(0))
        self.console.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self.profile.console())))
        self.test.clicked.connect(self._test)
        self.save.clicked.connect(self._save)
        self.forget.clicked.connect(self._confirm_forgetting)
        self.close_button.clicked.connect(self.reject)

    def _changed(self) -> None:
        """A verdict is about what was tested, not about what is typed since."""
        self._verdict.hide()
        self.anyway.hide()
        self.profile.wrong.hide()
        self._show_console()
        QTimer.singleShot(0, self, self._grow)

    def _show_console(self) -> None:
        address = self.profile.console()
        self.console.setText(tr("Get keys at {address}", address=address.removeprefix("https://")))
        self.console.setToolTip(address)

    def _say_where(self) -> None:
        if self._keyring is not None and self._is_refused():
            why = tr(kind_of(self._keyring).title)
            self._where.setText(tr("Kept for this session only: {why}. No file on the disk gets the secret.", why=why))
        elif self.session_only.currentData():
            self._where.setText(tr("Kept for this session only, in memory. Next time you enter the keys again."))
        elif self._keyring is not None:
            self._where.setText(
                tr(
                    "The system's keyring has not answered yet; it may be asking for its password. "
                    "Until it does, the keys hold for this session."
                )
            )
        else:
            self._where.setText(tr("The secret is stored in the system keyring, in no file of this program."))

    def _is_complete(self) -> bool:
        """Whether there are keys to use: entered, or stored under this name."""
        has_old = self._has_credentials and self.profile.profile().name == self._stored_name
        return self.keys.credentials() is not None or (has_old and not self.keys.is_begun)

    def _is_ready(self) -> bool:
        """Whether there is a sound profile and there are keys to use; says so when not."""
        if self.profile.complain():
            self.turn_to(0)
            return False
        if self._is_complete():
            self.keys.cover()
            return True
        self.turn_to(0)
        half = tr("Enter both the access key and the secret key.") if self.keys.is_begun else ""
        self.show_verdict(False, half or tr("Paste your key or keys first."))
        self.keys.setFocus()
        return False

    def _test(self) -> None:
        if self._is_ready():
            self.test_asked.emit(self.profile.profile(), self._credentials())

    def _save(self) -> None:
        if complaint := self.profile.complaint():
            self.show_verdict(False, complaint)
            self.profile.name.setFocus()
        elif self._is_ready():
            session_only = self._is_refused() or bool(self.session_only.currentData())
            self.save_asked.emit(self.profile.profile(), self._credentials(), session_only)

    def _credentials(self) -> Credentials | None:
        return self.keys.credentials()

    def _confirm_forgetting(self) -> None:
        """Deleted keys cannot be brought back, so one question is due."""
        name = self._stored_name
        question = QMessageBox(
            QMessageBox.Icon.Question,
            tr("Delete keys"),
            tr("Delete the keys of “{name}” from this computer? They stay valid at Kling.", name=name),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget = question.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        forget.clicked.connect(lambda: self.forget_asked.emit(name))
        question.open()


class FactRows(QWidget):
    """What Kling told of an account: a sign, a name and words in each row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP)
        self._grid.setColumnStretch(2, 1)

    def show_rows(self, rows: Sequence[tuple[bool, str, str]]) -> None:
        """Replace what stands there."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for number, (sound, name, words) in enumerate(rows):
            sign, label = Sign(self), QLabel(name, self)
            sign.show_sign("check" if sound else "warning", "ok" if sound else "warn")
            label.setProperty("quiet", True)
            for column, widget in enumerate((sign, label, Sentence(words, self))):
                self._grid.addWidget(widget, number, column)

    def text(self) -> str:
        """All that stands there."""
        return " ".join(label.text() for label in self.findChildren(QLabel))


def _heading(words: str, parent: QWidget) -> QLabel:
    heading = QLabel(words, parent)
    heading.setProperty("heading", True)
    return heading
