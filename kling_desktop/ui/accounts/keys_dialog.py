"""A dialog for the keys of one profile: enter, test for free, store in the keyring, forget."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.accounts import Credentials, Profile
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import kind_of
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.key_entry import KeyEntry, Recognise
from kling_desktop.ui.accounts.profile_entry import ProfileEntry
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr


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
        self.setWindowTitle(tr("Connect Kling"))
        self._has_credentials = False
        self._stored_name = ""
        self._keyring: Trouble | None = None
        self.profile = ProfileEntry(self)
        self.keys = KeyEntry(recognise, self)
        self._make_words()
        self._make_verdict()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.show_keyring(None)
        self.edit(Profile(""), False)
        self.setMinimumWidth(460)

    def edit(self, profile: Profile, has_credentials: bool) -> None:
        """Show a profile to change, or a new one with an empty name."""
        self._has_credentials = has_credentials
        self._stored_name = profile.name
        self.profile.show_profile(profile)
        self.keys.show_stored(has_credentials)
        self._verdict.hide()
        self.forget.setVisible(has_credentials)
        self._show_console()

    def show_verdict(self, ok: bool, sentence: str, details: str = "") -> None:
        """Say how the test or the saving went: a sentence, and the service's raw words beneath."""
        self._sign.show_sign("check" if ok else "warning", "accent" if ok else "bad")
        self._sentence.setText(sentence)
        self._sentence.dress(danger=not ok, heading=True)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        self._verdict.show()
        QTimer.singleShot(0, self, self._grow)

    def show_busy(self, is_busy: bool) -> None:
        """Say that Kling or the keyring is being asked."""
        for button in (self.test, self.save, self.forget):
            button.setEnabled(not is_busy)
        self.test.setText(tr("Asking Kling…") if is_busy else tr("Test connection"))
        if is_busy:
            self._verdict.hide()

    def show_keyring(self, trouble: Trouble | None) -> None:
        """Say in place where the secret is kept: in the keyring, or why it cannot be."""
        self._keyring = trouble
        self.session_only.setVisible(trouble is None)
        self._say_where()

    def verdict_text(self) -> str:
        """The sentence of the last verdict; "" when it no longer holds."""
        return "" if self._verdict.isHidden() else self._sentence.text()

    def where_text(self) -> str:
        """Where the secret is kept, in words."""
        return self._where.text()

    def _make_words(self) -> None:
        self.console = QToolButton(self)  # a link in a label is no stop for Tab and Enter
        self.console.setIcon(theme.icon("key"))
        self.console.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.console.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session_only = QCheckBox(tr("Only for this session"), self)
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
        row.addLayout(words, 1)

    def _make_buttons(self) -> None:
        self.test = QPushButton(tr("Test connection"), self)
        self.test.setToolTip(tr("Asks for the account's unit packs. This costs nothing."))
        self.save = QPushButton(tr("Save"), self)
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        self.forget = QPushButton(tr("Forget keys…"), self)
        self.close_button = QPushButton(tr("Close"), self)
        for button in (self.test, self.forget, self.close_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.test)
        buttons.addWidget(self.forget)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save)
        free = Sentence(tr("The test is free: it only asks for the account's unit packs."), self)
        free.dress(quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(theme.GAP)
        column.addWidget(self.profile)
        column.addSpacing(theme.GAP)
        title = QLabel(tr("Keys"), self)
        title.setProperty("heading", True)
        column.addWidget(title)
        for widget in (self.keys, self.console, self._where, self.session_only, self._note, free):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._verdict)
        column.addSpacing(theme.GAP)
        column.addLayout(buttons)

    def _grow(self) -> None:
        """Make room for what is said: Qt does not do it for sentences that wrap, it squeezes the fields instead."""
        column = self.layout()
        if column is not None:
            self.resize(self.width(), max(self.height(), column.totalHeightForWidth(self.width())))

    def _connect(self) -> None:
        self.profile.edited.connect(self._changed)
        self.keys.edited.connect(self._changed)
        self.session_only.toggled.connect(self._say_where)
        self.console.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self.profile.console())))
        self.test.clicked.connect(self._test)
        self.save.clicked.connect(self._save)
        self.forget.clicked.connect(self._confirm_forgetting)
        self.close_button.clicked.connect(self.reject)

    def _changed(self) -> None:
        """A verdict is about what was tested, not about what is typed since."""
        self._verdict.hide()
        self.profile.wrong.hide()
        self._show_console()
        QTimer.singleShot(0, self, self._grow)

    def _show_console(self) -> None:
        address = self.profile.console()
        self.console.setText(tr("Get keys at {address}", address=address.removeprefix("https://")))
        self.console.setToolTip(address)

    def _say_where(self) -> None:
        if self._keyring is not None:
            why = tr(kind_of(self._keyring).title)
            self._where.setText(tr("Kept for this session only: {why}. No file on the disk gets the secret.", why=why))
        elif self.session_only.isChecked():
            self._where.setText(tr("Kept for this session only, in memory. Next time you enter the keys again."))
        else:
            self._where.setText(tr("The secret is stored in the system keyring, in no file of this program."))

    def _is_ready(self) -> bool:
        """Whether there is a sound profile and there are keys to use; says so when not."""
        if self.profile.complain():
            return False
        has_old = self._has_credentials and self.profile.profile().name == self._stored_name
        if self.keys.credentials() is not None or (has_old and not self.keys.is_begun):
            return True
        half = tr("Enter both the access key and the secret key.") if self.keys.is_begun else ""
        self.show_verdict(False, half or tr("Paste your key or keys first."))
        self.keys.setFocus()
        return False

    def _test(self) -> None:
        if self._is_ready():
            self.test_asked.emit(self.profile.profile(), self._credentials())

    def _save(self) -> None:
        if self._is_ready():
            session_only = self._keyring is not None or self.session_only.isChecked()
            self.save_asked.emit(self.profile.profile(), self._credentials(), session_only)

    def _credentials(self) -> Credentials | None:
        return self.keys.credentials()

    def _confirm_forgetting(self) -> None:
        """Deleted keys cannot be brought back, so one question is due."""
        name = self._stored_name
        question = QMessageBox(
            QMessageBox.Icon.Question,
            tr("Forget keys"),
            tr("Delete the keys of “{name}” from this computer? They stay valid at Kling.", name=name),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget = question.addButton(tr("Forget"), QMessageBox.ButtonRole.DestructiveRole)
        forget.clicked.connect(lambda: self.forget_asked.emit(name))
        question.open()
