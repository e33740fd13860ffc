"""What this system says about the network: its proxies, who is reached without one, and its certificates.

An entry that cannot be used is skipped and named once in the log, never with a password: one bad line in a desktop's
settings must not stop the program. The variables are those of curl and of Python's urllib.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import os
import re
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

log = logging.getLogger(__name__)

_SCHEMES: Final = ("http", "https", "all")
_ALIKE: Final = {"socks": "socks5", "socks5": "socks5", "socks5h": "socks5h", "http": "http", "https": "https"}
"""Schemes of proxies that can be used. GNOME and many Chinese guides write socks:// and mean version 5."""
_LAST_PORT: Final = 65_535
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_BETWEEN_ENTRIES: Final = re.compile(r"[,;\s]+")
"""curl takes spaces for commas in no_proxy, and Windows writes semicolons."""
_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.\d+")
"""How OpenSSL names the certificates of a folder; it finds no others there."""

Exempt = Callable[[str, int | None], bool]
"""Whether a host, with its port, is reached without a proxy."""


@dataclass(frozen=True, slots=True)
class Proxies:
    """Which way leads to a host."""

    by_scheme: Mapping[str, str]
    """Address of the proxy for "http", "https" or "all"; may hold a password."""
    exempt: tuple[Exempt, ...] = ()

    def proxy_for(self, url: httpx.URL) -> str | None:
        """The proxy for this address; None to go straight there. This computer is never asked for through a proxy."""
        port = url.port or _USUAL_PORTS.get(url.scheme)  # httpx leaves the usual one out
        if is_loopback(url.host) or any(is_exempt(url.host, port) for is_exempt in self.exempt):
            return None
        return self.by_scheme.get(url.scheme) or self.by_scheme.get("all")


def proxies_of_system() -> Proxies:
    """The proxies that the environment, or the settings of Windows and macOS, name at this moment."""
    named = urllib.request.getproxies()
    usable = {scheme: proxy for scheme in _SCHEMES if (proxy := _usable_proxy(scheme, named.get(scheme, "")))}
    exempt = (_exemption(entry) for entry in _BETWEEN_ENTRIES.split(named.get("no", "")))
    return Proxies(usable, tuple(rule for rule in exempt if rule is not None))


def _usable_proxy(scheme: str, text: str) -> str | None:
    """The proxy's address as httpx takes it; None, and a word in the log, when it cannot be used."""
    text = text.strip()
    if not text:
        return None
    address = text if "://" in text else f"http://{text}"
    kind = _ALIKE.get(address.partition("://")[0].lower())
    try:
        url = sound_url(f"{kind}://{address.partition('://')[2]}")
        if kind is None or not url.host:
            raise ValueError("not a proxy that can be used")
        httpx.Proxy(url)
    except (ValueError, UnicodeError, httpx.InvalidURL):
        name_once(f"the proxy for {scheme} addresses")
        return None
    return str(url)


def _exemption(entry: str) -> Exempt | None:
    """The rule behind one entry of no_proxy: "*", a name with all below it, an address, a network."""
    if not entry:
        return None
    if entry == "*":
        return lambda host, port: True
    try:
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return _exempt_name(entry)
    return lambda host, port: _is_within(host, network)


def _exempt_name(entry: str) -> Exempt | None:
    name, wanted = "", None
    try:
        parts = urlsplit(entry if "://" in entry else f"//{entry}")
        if parts.path in ("", "/"):  # what follows a slash was to be a network, and is none
            name, wanted = (parts.hostname or "").strip(".*"), parts.port
        httpx.URL(f"http://{name}")
    except (ValueError, UnicodeError, httpx.InvalidURL):
        name = ""
    if not name:
        name_once("an entry of no_proxy")
        return None
    return lambda host, port: (host == name or host.endswith(f".{name}")) and wanted in (None, port)


def _is_within(host: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")) in network
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this computer: 127/8, ::1, localhost and every name below it."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def sound_url(text: str) -> httpx.URL:
    """A web address that a connection can be made to, as far as its letters tell.

    Raises ValueError for what a connection would only stumble over later: a port out of range, an over-long part of a
    name, half a surrogate pair.
    """
    try:
        url = httpx.URL(text)
        url.host.encode("idna")
    except httpx.InvalidURL as error:
        raise ValueError("this is not a web address") from error
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise ValueError("the port must be a number from 1 to 65535")
    return url


def new_tls() -> ssl.SSLContext:
    """A TLS context with the certificates that SSL_CERT_FILE and SSL_CERT_DIR name, else with certifi's."""
    for variable, argument, is_usable in (
        ("SSL_CERT_FILE", "cafile", os.path.isfile),  # to open a pipe would wait for ever
        ("SSL_CERT_DIR", "capath", _holds_certificates),
    ):
        named = os.environ.get(variable, "")
        if not named:
            continue
        try:
            if not is_usable(named):  # ssl takes a folder that is not there without a word
                raise FileNotFoundError(named)
            return ssl.create_default_context(**{argument: named})  # type: ignore[arg-type]  # the two take a path
        except (OSError, ValueError):
            name_once(variable)
    return httpx.create_ssl_context(trust_env=False)


def _holds_certificates(folders: str) -> bool:
    """Whether OpenSSL finds any in one of these folders, which stand as in PATH: with none it would trust nobody."""
    named = (Path(folder) for folder in folders.split(os.pathsep) if folder)
    return any(_HASHED_NAME.fullmatch(file.name) for folder in named if folder.is_dir() for file in folder.iterdir())


def is_distrust(error: BaseException) -> bool:
    """Whether a connection failed because the other side's certificate is not to be trusted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@functools.cache
def name_once(what: str) -> None:
    """Say that a setting of this system cannot be used and is passed over."""
    log.warning("%s that this system names cannot be used and is passed over", what)
