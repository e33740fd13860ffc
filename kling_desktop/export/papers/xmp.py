"""XMP packets: made, put into the files that can hold one, and found again, byte by byte without a library."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zlib import crc32

from kling_desktop.export.film import ExportFilm

_UUID: Final = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
"""Of XMP in ISO media files (XMP specification part 3, 1.1.4)."""

C2PA_UUID: Final = bytes.fromhex("D8FEC3D61B0E483C92975828877EC481")
"""Of a C2PA manifest in ISO media files (C2PA specification, A.5)."""

_MADE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_COMPOSITE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

_OURS: Final = "https://kling-desktop.invalid/ns/1.0/"
_AIGC: Final = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_IPTC: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_GIF_HEAD: Final = b"\x21\xff\x0bXMP DataXMP"
_GIF_TAIL: Final = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
"""The "magic trailer" that makes readers which take text for sub-blocks come out at the end."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEY: Final = b"iTXtXML:com.adobe.xmp\0\0\0\0\0"
"""Kind of the chunk, its keyword, not compressed, of no language (XMP specification part 3, 1.1.5)."""
_PNG_HEAD: Final = 33
"""Bytes of the signature and the first chunk, IHDR, behind which others may stand."""

_LARGEST: Final = 64 << 20


def digital_source_type(film: ExportFilm) -> str:
    """IPTC's word for how the film came to be: made by a trained model, or composed with the creator's own footage."""
    return _COMPOSITE if any(part.is_own_footage for part in film.parts) else _MADE


def packet(film: ExportFilm, record: str, aigc: str) -> bytes:
    """The packet with source type, papers (JSON, may be empty) and, where there is one, the AIGC mark (JSON)."""
    mark = f"<aigc:AIGC>{escape(aigc)}</aigc:AIGC>" if aigc else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
        f'<rdf:Description rdf:about="" xmlns:iptc="{_IPTC}" xmlns:aigc="{_AIGC}" xmlns:kling="{_OURS}">'
        f"<iptc:DigitalSourceType>{digital_source_type(film)}</iptc:DigitalSourceType>"
        f"{mark}<kling:film>{escape(record)}</kling:film>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def read_packet(data: bytes) -> dict[str, str]:
    """What such a packet says: `film`, `AIGC`, `DigitalSourceType`, as far as they are there."""
    try:
        begin, end = data.index(b"<x:xmpmeta"), data.rindex(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
        if b"<!" in data[begin:end]:  # no document type, so no entities that grow without end
            return {}
        tree = ElementTree.fromstring(data[begin:end])  # noqa: S314 - without entities, as just checked
    except (ValueError, ElementTree.ParseError):
        return {}
    wanted = {f"{{{_OURS}}}film", f"{{{_AIGC}}}AIGC", f"{{{_IPTC}}}DigitalSourceType"}
    return {node.tag.partition("}")[2]: node.text or "" for node in tree.iter() if node.tag in wanted}


def embed(file: Path, content: bytes) -> bool:
    """Put the packet into an MP4, QuickTime, AVIF, GIF, WebP or PNG file; False for any other. Raises OSError."""
    with file.open("r+b") as data:
        head = data.read(16)
        if head[4:8] == b"ftyp":
            data.seek(0, 2)
            data.write(struct.pack(">I4s", 24 + len(content), b"uuid") + _UUID + content)
        elif head[:6] == b"GIF89a":
            data.seek(-1, 2)
            data.write(_GIF_HEAD + content + _GIF_TAIL + b"\x3b")
        elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            data.seek(0)
            whole = _with_chunk(data.read(), content)
            data.seek(0)
            data.write(whole)
        elif head[:8] == _PNG:
            data.seek(_PNG_HEAD)
            rest = data.read()
            data.seek(_PNG_HEAD)
            data.write(_png_chunk(content) + rest)
        else:
            return False
    return True


def _png_chunk(content: bytes) -> bytes:
    body = _PNG_KEY + content
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))


def _with_chunk(webp: bytes, content: bytes) -> bytes:
    """RFC 9649, 2.7: the extended header says that there is XMP, and the chunk stands last."""
    body = bytearray(webp[12:])
    if body[:4] == b"VP8X":
        body[8] |= 0x04
        body += b"XMP " + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + bytes(body)


def extract(file: Path) -> bytes:
    """The packet of such a file; empty when it has none. Raises OSError."""
    with file.open("rb") as data:
        head = data.read(16)
    if head[4:8] == b"ftyp":
        return box(file, _UUID)
    if file.stat().st_size > _LARGEST:
        return b""
    content = file.read_bytes()
    if head[:6] == b"GIF89a" and (at := content.rfind(_GIF_HEAD)) >= 0:
        return content[at + len(_GIF_HEAD) : content.rfind(_GIF_TAIL)]
    if head[:8] == _PNG and (at := content.find(_PNG_KEY)) >= 0:
        length = struct.unpack_from(">I", content, at - 4)[0]
        return content[at + len(_PNG_KEY) : at + 4 + length]
    if head[:4] == b"RIFF" and (at := content.rfind(b"XMP ")) >= 0:
        return content[at + 8 : at + 8 + struct.unpack_from("<I", content, at + 4)[0]]
    return b""


def box(file: Path, uuid: bytes) -> bytes:
    """Content of the last top-level uuid box of that kind in an ISO media file; empty when there is none.

    Raises OSError.
    """
    found, place, size = b"", 0, file.stat().st_size
    with file.open("rb") as data:
        while place + 8 <= size:
            data.seek(place)
            head = data.read(32)
            length, skip = struct.unpack_from(">I", head)[0], 8
            if length == 1 and len(head) >= 16:
                length, skip = struct.unpack_from(">Q", head, 8)[0], 16
            length = length or size - place
            if length < skip:
                break
            if head[4:8] == b"uuid" and head[skip : skip + 16] == uuid and length <= _LARGEST:
                data.seek(place + skip + 16)
                found = data.read(length - skip - 16)
            place += length
    return found
