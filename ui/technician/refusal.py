"""A polite word over the page of somebody who is served: the technician's page opens when the visit is over."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.notice import Notice

SHOWN_MS = 5_000
_WIDTH = 0.6  # of the host's


def show_refusal(look: Look, host: QWidget) -> Notice:
    """Stands in the middle of `host` for a few seconds; nothing under it is changed, and it takes no press."""
    words = look.texts("The technician's page opens when this visit is over")
    notice = Notice(look, "information", words, icon="wrench")
    notice.setParent(host)
    notice.setObjectName("refusal")
    notice.setAccessibleName(words)
    width = round(host.width() * _WIDTH)
    height = max(notice.heightForWidth(width), notice.sizeHint().height())
    notice.setGeometry((host.width() - width) // 2, (host.height() - height) // 2, width, height)
    notice.show()
    notice.raise_()
    QTimer.singleShot(SHOWN_MS, notice, notice.deleteLater)
    return notice
