"""Callbacks: switched on in the settings, sent by the sandbox in any disorder, and answered by asking Kling."""

from __future__ import annotations

import contextlib
import random
import socket

from PySide6.QtCore import Qt

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.kling.callbacks.test_messages import SECRET

CTRL = Qt.KeyboardModifier.ControlModifier


def _free_port() -> int:
    """Below those that systems give to outgoing connections, one of which could take it before the receiver does."""
    for port in random.sample(range(20_000, 32_000), 50):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


async def _listening(creator: Creator, port: int) -> SettingsDialog:
    creator.presses(creator.tasks.table, Qt.Key.Key_Comma, CTRL)
    dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings")
    await creator.sees(dialog.isActiveWindow, "the settings to be shown")
    dialog.turn_to(dialog.callbacks)
    assert dialog.callbacks.state.text() == "Not listening."
    dialog.callbacks.port.setValue(port)
    creator.presses(dialog.callbacks.wanted, Qt.Key.Key_Space)
    address = f"Listening on http://127.0.0.1:{port}/kling"
    await creator.sees(lambda: address in dialog.callbacks.state.text(), "the receiver to listen")
    return dialog


async def test_signed_callbacks_in_disorder_only_make_the_program_ask(start: Start, keyring: str) -> None:
    port = _free_port()
    async with start() as creator:
        dialog = await _listening(creator, port)
        assert "Unsigned callbacks are taken" in dialog.callbacks.state.text()
        creator.types(dialog.callbacks.secret, SECRET)
        creator.clicks(dialog.callbacks.keep)
        await creator.sees(lambda: "Only signed" in dialog.callbacks.state.text(), "the secret to be at work")
        assert "keyring" in said(dialog.callbacks)
        assert dialog.callbacks.secret.text() == ""

        creator.presses(dialog, Qt.Key.Key_Escape)
        creator.window.activateWindow()
        await creator.sees(creator.window.isActiveWindow, "the window again")
        creator.tell("webhook_secret", secret=SECRET)
        creator.tell("callbacks", copies=2, disorder=True)
        creator.form.fields.callback.show_text(f"http://127.0.0.1:{port}/kling")
        creator.asks(creator.clip_id("dawn-lake"), "Bells ring")
        await creator.sees_take()
        told = await creator.sees(lambda: [call["status"] for call in creator.ask("callbacks")], "callbacks to be sent")
        assert set(told) == {200}
        assert creator.ask("audit")["totals"]["created"] == 1

        creator.tell("webhook_secret", secret="whsec_" + "b2YgYW5vdGhlciBwcm9ncmFt")
        creator.form.fields.callback.show_text(f"http://127.0.0.1:{port}/kling")
        creator.asks(creator.clip_id("dawn-lake"), "Drums answer")
        take = await creator.sees_take()
        assert take.status is Status.SUCCEEDED
        await creator.sees(lambda: 401 in [c["status"] for c in creator.ask("callbacks")], "a stranger to be refused")


async def test_a_taken_port_and_a_public_address_without_a_secret_are_said_in_place(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with start() as creator:
            dialog = await _listening(creator, _free_port())
            page = dialog.callbacks
            page.port.setValue(other.getsockname()[1])
            await creator.sees(lambda: "port for callbacks cannot be opened" in page.state.text(), "the error in place")
            page.port.setValue(_free_port())
            await creator.sees(lambda: "Listening on" in page.state.text(), "the receiver to listen again")
            assert page.warning() == ""
            creator.presses(page.host, Qt.Key.Key_Down)
            await creator.sees(lambda: "need a secret" in page.state.text(), "the refusal")
            assert "Every computer" in page.warning()
            creator.presses(page.wanted, Qt.Key.Key_Space)
            await creator.sees(lambda: page.state.text() == "Not listening.", "it to be off")
