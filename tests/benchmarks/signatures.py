"""What a signature by the holder's card takes, beside OpenSC's own program on the same card."""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.figures import Figure, NotMeasured
from tests.devices.cards.processes import Hand
from tests.devices.cards.signing.conftest import PIN, Signer

ROUNDS = 15
PEER = "pkcs11-tool"


def measure(hand: Hand, card: Path) -> Figure:
    """By turns, so that both meet the same machine. Raises NotMeasured."""
    if shutil.which(PEER) is None:
        raise NotMeasured(f"{PEER} is not installed here: apt-get install opensc")
    signer = Signer({})
    try:
        hand.do(f"insert {card}")
        signer.ask("present")
        with tempfile.TemporaryDirectory() as folder:
            ours, peers = _by_turns(signer, Path(folder))
        hand.do("remove")
        signer.ask("empty")
    finally:
        signer.close()
    return Figure(
        name="card_sign_to_opensc_ratio",
        value=statistics.median(ours) / statistics.median(peers),
        unit="times",
        goal=None,
        how=f"medians of {ROUNDS} signatures each, by turns, through the same pcscd: ours, with the look at the PIN "
        f"before and the proof of the signature after it, {statistics.median(ours):.0f} ms; {PEER} --sign, "
        f"{statistics.median(peers):.0f} ms",
    )


def _by_turns(signer: Signer, folder: Path) -> tuple[list[float], list[float]]:
    """The milliseconds of each, without the first: it loads what is needed, and reads the certificate."""
    message, signature = folder / "message", folder / "signature"
    message.write_bytes(b"an application")
    ask = f"sign {hashlib.sha256(message.read_bytes()).hexdigest()}"
    command = (PEER, "--login", "--pin", PIN, "--sign", "-m", "SHA256-RSA-PKCS", "-i", message, "-o", signature)

    def we_sign() -> None:
        if "found" not in (answer := signer.ask(ask, PIN)):
            raise NotMeasured(f"no signature: {answer}")

    def peer_signs() -> None:
        if subprocess.run(command, env=os.environ, capture_output=True, check=False).returncode:
            raise NotMeasured(f"{PEER} does not sign")

    turns = [(_milliseconds(we_sign), _milliseconds(peer_signs)) for _ in range(ROUNDS + 1)][1:]
    return [ours for ours, _ in turns], [peers for _, peers in turns]


def _milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
