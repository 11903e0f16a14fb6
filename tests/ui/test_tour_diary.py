"""The process that encodes the tour's pictures ends with the tour, and holds nothing that the tour wrote to."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

from tests.e2e.conftest import ROOT

PROGRAM = """
import os, sys, time
from pathlib import Path
from ui.tour.diary import Diary, Observed

if __name__ == "__main__":
    from PySide6.QtGui import QImage

    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    diary = Diary(Path(sys.argv[1]), lambda: Observed(ledger={}, intake={}))
    diary.keep("pictures", "one", picture)
    diary._encoding[0].result()
    print(*diary._encoder._processes, flush=True)
    time.sleep(600)
"""

LONGEST_SECONDS = 20.0


def test_it_ends_when_the_tour_is_killed(tmp_path: Path) -> None:
    program_file = tmp_path / "program.py"
    program_file.write_text(PROGRAM)
    command = [sys.executable, str(program_file), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        encoder = os.pidfd_open(int(program.stdout.readline()))
        program.kill()
        program.wait()
        assert program.stdout.read() == ""
        assert select.select([encoder], [], [], LONGEST_SECONDS)[0], "it lives on"
        os.close(encoder)
    assert (tmp_path / "pictures" / "one.png").exists()
