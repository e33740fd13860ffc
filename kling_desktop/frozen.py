"""Values that never change: dataclasses with slots that are made in a fifth of the time.

`dataclass(frozen=True, slots=True)` writes six methods of each class as text and compiles them, 0.6 ms a class, and a
start loads 190 of them: a sixth of the time until everything answers. Here only `__init__` is written out, when the
first instance is made; the other five are the same for all. `fields`, `replace`, `asdict` and `match` know these
classes as they know any dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

_T = TypeVar("_T")
_Read = Callable[[object], tuple[Any, ...]]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """A class decorator. What the class itself defines stays. Fields may say `init`, `repr` and `compare`, no more."""
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    compared = _reader([each.name for each in fields(made) if each.compare])
    given = _reader([each.name for each in fields(made) if each.init])
    methods = {"__init__": _init_of(made), "__repr__": _shown, **_methods(compared, given)}
    for name in methods.keys() - cls.__dict__.keys():
        setattr(made, name, methods[name])
    made.__setattr__, made.__delattr__ = _refuse_change, _refuse_removal
    return made  # type: ignore[no-any-return]  # `dataclass` gives it back untyped


def _reader(names: list[str]) -> _Read:
    """What reads these fields of an instance."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda value: ()
    read = attrgetter(*names)
    return lambda value: (read(value),)


def _methods(read: _Read, given: _Read) -> dict[str, Callable[..., Any]]:
    def equals(self: object, other: object) -> bool:
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(read(self))

    def reduced(self: object) -> tuple[type[object], tuple[Any, ...]]:
        # To be made again: `copy` and `pickle` would set one attribute after the other.
        return self.__class__, given(self)

    return {"__eq__": equals, "__hash__": hashed, "__reduce__": reduced}


def _init_of(made: Any) -> Callable[..., None]:
    """An `__init__` that is written out for the first instance: of many classes a session makes none."""

    def write_and_call(self: object, *values: object, **named: object) -> None:
        made.__init__ = written = _written_init(made)
        written(self, *values, **named)

    return write_and_call


def _written_init(made: Any) -> Callable[..., None]:
    parameters, lines = ["self"], []
    names: dict[str, Any] = {"_set": object.__setattr__, "_missing": MISSING}
    for each in fields(made):
        value = name = each.name
        if each.default_factory is not MISSING:
            names[f"_make_{name}"] = each.default_factory
            usual, value = "_missing", f"_make_{name}() if {name} is _missing else {name}"
        elif each.default is not MISSING:
            names[f"_usual_{name}"] = each.default
            usual = f"_usual_{name}"
        else:
            usual = ""
        if each.init:
            parameters.append(f"{name}={usual}" if usual else name)
        elif usual:
            value = f"_make_{name}()" if usual == "_missing" else usual
        else:
            continue  # `__post_init__` sets it
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), names)  # noqa: S102 - as dataclasses does it: nothing else is as fast for those who call it
    written: Callable[..., None] = names["__init__"]
    written.__qualname__ = f"{made.__qualname__}.__init__"  # errors name the class
    return written


def _shown(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_change(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_removal(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
