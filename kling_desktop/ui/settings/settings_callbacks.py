"""Settings, Advanced: whether and where Kling's callbacks are listened for, and with which secret."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import kind_of
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.setting_label import SettingLabel
from kling_desktop.ui.theme.layouts import nest

_HERE, _EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - a choice that the creator makes, with a warning
_UNFIT = " ?#%"


class CallbackPage(QWidget):
    """Tells each choice at once; a path when it is written to its end, a secret when its button is pressed."""

    changed = Signal()
    """Whether and where to listen is another: `wanted`, `host`, `port` and `path` have it."""
    secret_given = Signal(str)
    secret_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_secret: Callable[[str], bool] = bool
        """Tells whether a text can be a secret."""
        self.wanted = QCheckBox(tr("Receive Kling's callbacks"), self)
        self.host = QComboBox(self)
        self.host.addItem(tr("This computer only ({address})", address=_HERE), _HERE)
        self.host.addItem(tr("Every network ({address})", address=_EVERYWHERE), _EVERYWHERE)
        self.port = QSpinBox(self)
        self.port.setRange(1, 65535)
        self.port.setKeyboardTracking(False)
        self.path = QLineEdit(self)
        self.path.setMaxLength(200)
        self.secret = QLineEdit(self)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText("whsec_…")
        self.keep = QPushButton(tr("Keep secret"), self)
        self.drop = QPushButton(tr("Delete secret"), self)
        for button in (self.keep, self.drop):
            button.setAutoDefault(False)
        self._warning, self._about_secret = Sentence(parent=self), Sentence(parent=self)
        self._lay_out()
        self._connect()
        self.show_secret(False, None)
        self.show_state("", False, None)

    def show_choices(self, wanted: bool, host: str, port: int, path: str) -> None:
        """Show what is chosen now; nothing is told."""
        self.blockSignals(True)
        self.wanted.setChecked(wanted)
        self.host.setCurrentIndex(max(0, self.host.findData(host)))
        self.port.setValue(port)
        self.path.setText(path)
        self.blockSignals(False)
        self._warn()

    def show_state(self, address: str, signed: bool, trouble: Trouble | None) -> None:
        """Say where callbacks are listened for now, or why not."""
        if trouble:
            error = kind_of(trouble)
            self._sign.show_sign("warning", "bad")
            self.state.setText(f"{tr(error.title)}. {tr(error.advice)}")
        elif address:
            self._sign.show_sign("check", "accent")
            said = tr("Listening on {address}", address=address)
            how = tr("Only signed callbacks are believed.") if signed else tr("Unsigned callbacks are taken, too.")
            self.state.setText(f"{said}. {how}")
        else:
            self._sign.show_sign("info", "quiet")
            self.state.setText(tr("Not listening."))
        self.state.dress(danger=trouble is not None)

    def show_secret(self, known: bool, trouble: Trouble | None) -> None:
        """Say whether there is a secret, and where it is kept."""
        self.drop.setEnabled(known)
        self._about_secret.dress(danger=False, quiet=True)
        if trouble:
            why = tr(kind_of(trouble).title)
            self._about_secret.setText(
                tr("Kept for this session only: {why}. No file on the disk gets the secret.", why=why) if known else why
            )
        elif known:
            self._about_secret.setText(tr("A secret is stored in the system keyring."))
        else:
            self._about_secret.setText(
                tr("No secret: unsigned callbacks are taken, but only from this computer. Kling's console has it.")
            )

    def put_path(self, path: str) -> None:
        """Write a path, and tell."""
        self.path.setText(path)
        self._settle_path()

    def chosen_path(self) -> str:
        """The path, with the slash that it begins with."""
        return "/" + self.path.text().strip().lstrip("/")

    def warning(self) -> str:
        """What is said against listening everywhere; "" on this computer only."""
        return "" if self._warning.isHidden() else self._warning.text()

    def _lay_out(self) -> None:
        about = Sentence(
            tr(
                "Kling can tell a public address of yours when a take is ready; the program then asks for it at once. "
                "Without callbacks it asks now and then, and misses nothing."
            ),
            self,
        )
        about.dress(quiet=True)
        title = QLabel(tr("Callbacks"), self)
        title.setProperty("heading", True)
        self._warning.dress(danger=True)
        form = QFormLayout()
        form.setSpacing(theme.GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.labels = {
            "callbacks": SettingLabel(tr("Callbacks"), self.wanted, self),
            "callback_host": SettingLabel(tr("Listen on"), self.host, self),
            "callback_port": SettingLabel(tr("Port"), self.port, self),
            "callback_path": SettingLabel(tr("Path"), self.path, self),
        }
        """By the names of the settings."""
        form.addRow(self.labels["callbacks"], self.wanted)
        form.addRow(self.labels["callback_host"], self.host)
        form.addRow("", self._warning)
        form.addRow(self.labels["callback_port"], self.port)
        form.addRow(self.labels["callback_path"], self.path)
        address = Sentence(tr("Port and path are what your router or proxy hands on."), self)
        address.dress(quiet=True)
        form.addRow("", address)
        form.addRow(tr("Webhook secret"), self.secret)
        form.addRow("", self._secret_row())  # beneath it: in a longer language one row would hang out
        form.addRow("", self._about_secret)
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(title)
        column.addWidget(about)
        nest(column, form)
        nest(column, self._state_row())
        column.addStretch(1)

    def _secret_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.keep)
        row.addWidget(self.drop)
        row.addStretch(1)
        self.secret.setAccessibleName(tr("Webhook secret"))
        return row

    def _state_row(self) -> QHBoxLayout:
        self._sign, self.state = Sign(self), Sentence(parent=self)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.state, 1)
        return row

    def _connect(self) -> None:
        self.wanted.toggled.connect(self.changed)
        self.host.currentIndexChanged.connect(self._warn)
        self.host.currentIndexChanged.connect(self.changed)
        self.port.valueChanged.connect(self.changed)
        self.path.editingFinished.connect(self._settle_path)
        self.secret.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.secret.returnPressed.connect(self._give_secret)
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self._give_secret)
        self.drop.clicked.connect(self.secret_dropped)

    def _warn(self) -> None:
        public = self.host.currentData() == _EVERYWHERE
        self._warning.setText(
            tr(
                "Every computer that reaches this one can send to this port. They can make the program ask Kling, "
                "nothing else, and only with the secret."
            )
        )
        self._form.setRowVisible(self._warning, public)

    def _settle_path(self) -> None:
        if not self.path.text().isascii() or any(sign in self.path.text().strip() for sign in _UNFIT):
            self._sign.show_sign("warning", "bad")
            self.state.setText(tr("A path has letters, digits, - _ . and /, no spaces."))
            self.state.dress(danger=True)
            return
        if self.path.text() != self.chosen_path():
            self.path.setText(self.chosen_path())
        self.changed.emit()

    def _give_secret(self) -> None:
        secret = self.secret.text().strip()
        if not secret:
            return
        if self.is_secret(secret):
            self.secret.clear()  # it is on its way to the keyring: the screen need not know it any longer
            self.secret_given.emit(secret)
        else:
            self._about_secret.dress(danger=True, quiet=False)
            self._about_secret.setText(
                tr("This is no webhook secret. It begins with whsec_, as Kling's console shows it.")
            )
