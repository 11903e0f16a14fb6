"""What sealing a request to the centre costs, outside the commit: between the last answer and the question to pay."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.wire import encode_canonical
from offline_queue.entries import digest
from offline_queue.sealed_bodies import seal_body
from offline_queue.sealing import Sealer, recovery_key
from tests.benchmarks.figures import Figure
from tests.offline_queue.parts import TERMINAL, agreement

ROUNDS = 400
APPLICATION = bytes(200_000)
"""About what a signed application takes; a request without one is a hundredth of it."""


def measure() -> Iterator[Figure]:
    sealer = Sealer(TERMINAL, recovery_key(X25519PrivateKey.generate().public_key()))
    small, large = (_median(sealer, encode_canonical(agreement(signed_application=one))) for one in (b"", APPLICATION))
    yield Figure(
        name="seal_ms",
        value=small,
        unit="ms",
        goal=1.0,
        how=f"median of {ROUNDS}: the body of a request by HPKE (X25519, HKDF-SHA256, AES-256-GCM), before the "
        f"transaction that prepares it; with a signed application of {len(APPLICATION) // 1000} kB {large:.2f} ms",
    )


def _median(sealer: Sealer, body: bytes) -> float:
    took: list[float] = []
    body_hash = digest(body)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        seal_body(sealer, body, body_hash)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
