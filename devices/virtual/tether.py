"""Ties a process to this one, so that no part outlives a program that was killed, or that ended itself by abort.

PR_SET_PDEATHSIG is no help: "parent" is the thread that started the child (prctl(2)), and parts are started side by
side by threads that end. So a shell waits at a pipe that only this process holds: however it ends, the pipe closes.
"""

from __future__ import annotations

import contextlib
import subprocess
from typing import Final

_AFTER_THE_END: Final = 'read -r _; kill -s TERM -- "-$1"; sleep 2; kill -s KILL -- "-$1"'
"""`read` comes back when nobody can write any more; what does not heed the first signal is ended by the second."""


class Tether:
    """Ends the process group `group` once this process is gone. Its leader's end is the caller's: `cut` comes after
    it, so that the number is never another's."""

    def __init__(self, group: int) -> None:
        self._watcher = subprocess.Popen(
            ["sh", "-c", _AFTER_THE_END, "sh", str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def cut(self) -> None:
        """Harmless when it is cut already."""
        self._watcher.kill()
        self._watcher.wait()
        with contextlib.suppress(OSError):
            if self._watcher.stdin is not None:
                self._watcher.stdin.close()
