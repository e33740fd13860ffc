"""A real Secret Service that is thrown away: an own D-Bus session and an unlocked gnome-keyring."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SECRETS = "org.freedesktop.secrets"
_START_SECONDS = 20


class KeychainMissing(Exception):
    """There is no Secret Service to start here; the text says why."""


@contextmanager
def secret_service(*, has_keyring: bool = True) -> Iterator[str]:
    """An unlocked, empty keyring for as long as the block runs; gives the address of its bus. Without `has_keyring`
    the service is there and has none yet, as where nothing was ever kept.

    Raises KeychainMissing where the programs are not installed (Windows and macOS have none).
    """
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            raise KeychainMissing(f"{program} is not installed")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        _bus(_own(Path(home)), has_keyring) as address,
    ):
        yield address


def forget_secrets(address: str) -> None:
    """Empty the keyring behind that bus."""
    from jeepney.io.blocking import open_dbus_connection
    from secretstorage import get_default_collection

    with open_dbus_connection(address) as connection:
        for item in get_default_collection(connection).get_all_items():
            item.delete()


def _own(home: Path) -> dict[str, str]:
    """Variables that keep both daemons out of the user's session."""
    folders = {"HOME": home, "XDG_RUNTIME_DIR": home / "run", "XDG_DATA_HOME": home / "data"}
    for folder in folders.values():
        folder.mkdir(exist_ok=True, mode=0o700)
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **{name: str(path) for name, path in folders.items()}}


@contextmanager
def _bus(environment: dict[str, str], has_keyring: bool) -> Iterator[str]:
    """The bus with the keyring on it; gives its address."""
    arguments = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    with _child(arguments, environment) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().decode().strip()
        if not address:
            raise KeychainMissing("dbus-daemon did not start")
        with _keyring({**environment, "DBUS_SESSION_BUS_ADDRESS": address}, has_keyring):
            yield address


@contextmanager
def _keyring(environment: dict[str, str], has_keyring: bool) -> Iterator[None]:
    unlock = ["--unlock"] if has_keyring else []  # it makes a keyring to be unlocked when there is none
    arguments = ["gnome-keyring-daemon", "--foreground", *unlock, "--components=secrets"]
    with _child(arguments, environment) as daemon:
        assert daemon.stdin is not None
        daemon.stdin.write(b"password\n")
        daemon.stdin.close()  # it reads the password to the end of the file
        _wait_for_name(environment["DBUS_SESSION_BUS_ADDRESS"])
        yield


@contextmanager
def _child(arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        arguments,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.terminate()


def _wait_for_name(address: str) -> None:
    """Returns when somebody owns the name of the Secret Service; asking it directly would start a second one."""
    from jeepney import DBus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    end = time.monotonic() + _START_SECONDS
    with open_dbus_connection(address) as connection:
        bus = Proxy(DBus(), connection)
        while not bus.NameHasOwner(_SECRETS)[0]:
            if time.monotonic() > end:
                raise KeychainMissing(f"gnome-keyring did not answer within {_START_SECONDS} s")
            time.sleep(0.01)
