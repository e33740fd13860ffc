"""An own world for each test: folders, environment, and a network that ends at this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest

_FOREIGN = ("KLING_", "XDG_", "LC_", "QT_SCALE", "QT_STYLE")
"""Beginnings of variables that would let the developer's desktop leak into a test."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class OutsideReached(AssertionError):
    """A test reached for a machine other than this one."""


def furnish(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process live in `home`: an empty account in English, with no keyring and no proxy."""
    for name in [n for n in os.environ if n.startswith(_FOREIGN) or n.lower() in _PROXIES]:
        monkeypatch.delenv(name)
    folders = {"XDG_DATA_HOME": ".local/share", "XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
    folders |= {"XDG_STATE_HOME": ".local/state", "XDG_RUNTIME_DIR": "run", "HOME": ".", "USERPROFILE": "."}
    for name, folder in folders.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


class NetworkGuard:
    """Lets connections to this machine pass and refuses all others; remembers them, should the code swallow it."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

        def guarded_connect(own: socket.socket, address: Any) -> None:
            self._check_address(own, address)
            connect(own, address)

        def guarded_connect_ex(own: socket.socket, address: Any) -> int:
            self._check_address(own, address)
            return connect_ex(own, address)

        def guarded_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
            self._check_name(host)
            return getaddrinfo(host, *arguments, **options)

        monkeypatch.setattr(socket.socket, "connect", guarded_connect)
        monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)

    def _check_address(self, own: socket.socket, address: Any) -> None:
        if own.family in (socket.AF_INET, socket.AF_INET6):
            self._check_name(address[0])

    def _check_name(self, host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if name.endswith(".invalid"):  # reserved for names that never resolve (RFC 6761): answered here, not asked
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name != "localhost" and not _is_loopback(name):
            self.refused.append(name)
            raise OutsideReached(f"A test reached for {name}. Tests talk to this machine only.")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
