"""Whether a newer version is there: asked when the creator asks, told, and never acted upon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kling_desktop import __version__
from kling_desktop.errors import UpdateUnknown

if TYPE_CHECKING:
    from kling_desktop.kling.updates.manifest import Release

ADDRESS: Final = ""
"""Where the signed page lies, https. Empty in a source that nobody has published: then nobody is asked."""
PUBLIC_KEY: Final = b""
"""Ed25519, 32 bytes: whose signature is trusted."""


class Updates:
    """Asks one address, once a press. Holds no timer: between two presses nothing happens."""

    def __init__(self, address: str = ADDRESS, public_key: bytes = PUBLIC_KEY, own: str = __version__) -> None:
        self._address = address
        self._public_key = public_key
        self._own = own

    @property
    def can_ask(self) -> bool:
        """Whether whoever published this program has named an address and a key."""
        return bool(self._address and self._public_key)

    @property
    def address(self) -> str:
        """Whom a press asks; it is shown before the press."""
        return self._address

    async def ask(self) -> Release | None:
        """The newest release when it is newer than this program, else None. Raises UpdateUnknown."""
        if not self.can_ask:
            raise UpdateUnknown("no address is known")
        from kling_desktop.kling.updates.manifest import newest  # loads the HTTP library: not before it is wanted

        release = await newest(self._address, self._public_key)
        return release if release.is_newer_than(self._own) else None
