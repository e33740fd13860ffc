"""What all connections share: one TLS context, one name, proxies of the environment but never for loopback."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import logging
import ssl
from collections.abc import Iterator
from typing import Final

import anyio
import anyio.lowlevel
import httpx

from kling_desktop import __version__
from kling_desktop.errors import Unreachable

API_TIMEOUT: Final = httpx.Timeout(connect=10, read=60, write=30, pool=None)
MEDIA_TIMEOUT: Final = httpx.Timeout(connect=10, read=60, write=30, pool=None)
USER_AGENT: Final = f"KlingDesktop/{__version__}"

_NO_PROXY: Final[dict[str, httpx.AsyncBaseTransport | None]] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}

# These two log whole addresses, and a media address holds a signature. Our own rooms log what is needed.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@functools.cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: making one takes tens of milliseconds."""
    return httpx.create_ssl_context()


def new_api_client() -> httpx.AsyncClient:
    """A client for Kling's interface, to be used on any one loop. Takes about 0.1 s: call it in a worker thread.

    Raises Unreachable when proxy or certificates that the environment names cannot be used.
    """
    anyio.run(anyio.lowlevel.checkpoint)  # loads anyio's backend here rather than on the window's thread
    headers = {"User-Agent": USER_AGENT}
    with _understandable_settings():
        return httpx.AsyncClient(verify=tls(), timeout=API_TIMEOUT, headers=headers, mounts=dict(_NO_PROXY))


def new_media_client() -> httpx.Client:
    """A blocking client for one transfer; it knows no credentials. Raises Unreachable like `new_api_client`."""
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
    direct: dict[str, httpx.BaseTransport | None] = dict.fromkeys(_NO_PROXY)
    with _understandable_settings():
        return httpx.Client(
            verify=tls(), timeout=MEDIA_TIMEOUT, headers=headers, mounts=direct, follow_redirects=True, max_redirects=5
        )


@contextlib.contextmanager
def _understandable_settings() -> Iterator[None]:
    """ImportError is httpx's word for a SOCKS proxy; none of the texts is passed on, a proxy may hold a password."""
    try:
        yield
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise Unreachable("the proxy or certificate file that this system names cannot be used") from error


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
