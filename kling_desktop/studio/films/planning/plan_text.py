"""A plan as plain text: one hop a line, or a block between blank lines; pasted, loaded, and saved."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from enum import StrEnum

from kling_desktop.domain.plans import MOST_HOPS
from kling_desktop.domain.tasks import PROMPT_LIMIT

MOST_BYTES = 4_000_000
"""A file that is larger is no plan."""


class Fault(StrEnum):
    """What is wrong with a line."""

    TOO_LONG = "too long"
    """More than PROMPT_LIMIT characters."""
    TOO_MANY = "too many"
    """More than MOST_HOPS hops; `LineFault.count` says how many there are."""


@dataclass(frozen=True, slots=True)
class LineFault:
    """Something that keeps a text from being a plan."""

    line: int
    """Where it begins, from 1."""
    fault: Fault
    count: int
    """Characters of the hop, or hops of the text."""


@dataclass(frozen=True, slots=True)
class PlanText:
    """What a text holds."""

    prompts: tuple[str, ...]
    faults: tuple[LineFault, ...] = ()


def parse(text: str, already: int = 0) -> PlanText:
    """The hops of a text: blocks when blank lines stand between some of its lines, else one hop a line.

    Empty lines make no hop. `already` hops are in the plan. A text with faults is to be refused as a whole.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    blocks = _blocks(lines)
    filled = sum(bool(line.strip()) for line in lines)
    has_blocks = 1 < len(blocks) < filled or (len(blocks) == 1 and filled > 1 and _is_framed(lines))
    hops = blocks if has_blocks else [(at, line.strip()) for at, line in enumerate(lines, 1) if line.strip()]
    faults = [LineFault(at, Fault.TOO_LONG, len(words)) for at, words in hops if len(words) > PROMPT_LIMIT]
    if already + len(hops) > MOST_HOPS:
        first_over = hops[max(0, MOST_HOPS - already)][0]
        faults.append(LineFault(first_over, Fault.TOO_MANY, already + len(hops)))
    return PlanText(tuple(words for _, words in hops), tuple(faults))


def decoded(content: bytes) -> str:
    """A text file as editors save it. Raises UnicodeDecodeError for one of another coding than UTF-8 or, with the mark
    that Windows writes, UTF-16. In neither has a text the character 0: who finds it has read another coding.
    """
    coding = "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    text = content.decode(coding)
    if (at := text.find("\0")) >= 0:
        raise UnicodeDecodeError(coding, content, at, at + 1, "no text has this character")
    return text


def written(prompts: tuple[str, ...]) -> str:
    """The text of which `parse` makes these prompts again; one of blank lines only is left out."""
    kept = [prompt.strip() for prompt in prompts if prompt.strip()]
    if any(len(prompt.splitlines()) > 1 for prompt in kept):
        blocks = ["\n".join(line for line in prompt.splitlines() if line.strip()) for prompt in kept]
        return "\n" + "\n\n".join(blocks) + "\n"
    return "".join(f"{prompt}\n" for prompt in kept)


def _blocks(lines: list[str]) -> list[tuple[int, str]]:
    """Where each block begins, and its words, line by line."""
    blocks: list[tuple[int, str]] = []
    block: list[str] = []
    for at, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line.strip())
        elif block:
            blocks.append((at - len(block), "\n".join(block)))
            block = []
    return blocks


def _is_framed(lines: list[str]) -> bool:
    """A blank line before it says of a text that is one block that it is one hop."""
    return bool(lines) and not lines[0].strip()
