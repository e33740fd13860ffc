"""What a person reads on a widget, without knowing how it is built."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget


def said(widget: QWidget, *, folded: bool = False) -> str:
    """The words of all labels that the widget shows, or would show if it were shown itself; one a line.

    With `folded` also what is folded away now, on another page or for want of room.
    """
    labels = [widget, *widget.findChildren(QWidget)]
    seen = [one for one in labels if isinstance(one, QLabel) and (folded or one.isVisibleTo(widget))]
    return "\n".join(label.text() for label in seen if label.text())
