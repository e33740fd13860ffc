"""Collects every text of the screen from the code and says which have no translation.

    python packaging/texts.py [zh_CN]

prints the missing ones as JSON, ready to be filled in; what is translated and no longer used goes to stderr.
"""

from __future__ import annotations

import ast
import json
import string
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kling_desktop"

_CALLS = ("tr", "tr_count", "Finding", "TemplateRefused")

_KEPT_ELSEWHERE = {"title", "advice", "charge", "value", "sentence"}
"""Attributes that hold a text which is collected where it is defined: of errors, of remedies, of findings."""


def texts(package: Path = PACKAGE) -> set[str]:
    """Every English text that can reach the screen."""
    found: set[str] = set()
    for _, tree in _speaking(package):
        found.update(text for argument in _translated(tree) for text in _literals(argument))
        found.update(_of_findings(tree))
    found.update(_of_errors(_tree(package / "errors.py")))
    found.update(_constants(_tree(package / "studio" / "tasks" / "checks.py")).values())
    return found - {""}


def uncollectable(package: Path = PACKAGE) -> list[str]:
    """Calls of `tr` with something that this script cannot read."""
    return [
        f"{path.relative_to(package)}:{argument.lineno} {ast.unparse(argument)}"
        for path, tree in _speaking(package)
        if path != package / "ui" / "i18n.py"  # the one place that hands a text on
        for argument in _translated(tree)
        if not _literals(argument) and getattr(argument, "attr", "") not in _KEPT_ELSEWHERE
    ]


def complaints(wanted: set[str], translations: Mapping[str, str]) -> list[str]:
    """What is wrong with a translation: a text is missing, unused or empty, or its {placeholders} differ."""
    wrong = [f"missing: {text}" for text in sorted(wanted - translations.keys())]
    wrong += [f"unused: {text}" for text in sorted(translations.keys() - wanted)]
    wrong += [f"empty: {text}" for text, other in translations.items() if not other.strip()]
    differing = [text for text, other in translations.items() if placeholders(text) != placeholders(other)]
    return wrong + [f"other placeholders: {text}" for text in differing]


def placeholders(text: str) -> set[str]:
    """Names of the braces in a text, with their formats: {"n", "seconds:.1f"}."""
    parts = string.Formatter().parse(text)
    return {f"{name}:{form}" if form else name for _, name, form, _ in parts if name is not None}


def translations(language: str) -> dict[str, str]:
    """The file of one language; empty where there is none yet."""
    path = ROOT / "resources" / "translations" / f"{language}.json"
    read: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return read


def _speaking(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Files that call anything of what texts are given to: few of the engine's do, and the others need no parsing."""
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if any(f"{call}(" in text for call in _CALLS):
            yield path, _parsed(text)


def _tree(path: Path) -> ast.Module:
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _translated(tree: ast.Module) -> Iterator[ast.expr]:
    """The arguments of `tr` and `tr_count` that are texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from {"tr": node.args[:1], "tr_count": node.args[1:3]}.get(called, [])


def _literals(argument: ast.expr) -> list[str]:
    """The texts that an argument may be: itself, or either side of an `if`."""
    if isinstance(argument, ast.IfExp):
        return _literals(argument.body) + _literals(argument.orelse)
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def _of_findings(tree: ast.Module) -> Iterator[str]:
    """Sentences of the findings and refusals that a module makes, written in place or as a constant of the module."""
    known = _constants(tree)
    for node in ast.walk(tree):
        called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and called == "TemplateRefused" and node.args:
            yield from _literals(node.args[0])
        if isinstance(node, ast.Call) and called == "Finding" and len(node.args) > 2:
            sentence = node.args[2]
            yield from _literals(sentence)
            if isinstance(sentence, ast.Name) and sentence.id in known:
                yield known[sentence.id]


def _of_errors(tree: ast.Module) -> Iterator[str]:
    """Titles and advices of all errors, and the values of Charge and Remedy."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            enum = node.name in ("Charge", "Remedy")
            yield from (text for name, text in _constants(node).items() if enum or name in ("title", "advice"))


def _constants(node: ast.Module | ast.ClassDef) -> dict[str, str]:
    """Names in a module's or class's body that are bound to a plain text."""
    return {
        target.id: statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


if __name__ == "__main__":
    asked, known = texts(), translations(sys.argv[1] if len(sys.argv) > 1 else "zh_CN")
    print(json.dumps(dict.fromkeys(sorted(asked - known.keys()), ""), ensure_ascii=False, indent=2))
    for text in sorted(known.keys() - asked):
        print(f"unused: {text}", file=sys.stderr)
