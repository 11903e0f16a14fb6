"""The MRZ scanner's driver, against the virtual scanner and against one that misbehaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from devices.scanners import MrzScanner
from devices.virtual.mrz_scanner import VirtualMrzScanner

# The specimen of ICAO Doc 9303-5, appendix B.
SPECIMEN = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
ZONE = "".join(line + "\n" for line in SPECIMEN).encode()


@pytest.fixture
def scanner() -> Iterator[VirtualMrzScanner]:
    virtual = VirtualMrzScanner()
    yield virtual
    virtual.close()


def test_it_reads_the_card_that_is_presented_now(scanner: VirtualMrzScanner) -> None:
    driver = MrzScanner("127.0.0.1", scanner.port, seconds=20)
    assert driver.read() is None
    scanner.show(SPECIMEN)
    assert driver.read() == "\n".join(SPECIMEN)
    scanner.show()
    assert driver.read() is None


def answered(answer: bytes) -> str | None:
    """What the driver makes of a scanner that answers so and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        seen = MrzScanner("127.0.0.1", server.getsockname()[1], seconds=20).read()
        thread.join()
        return seen


# Doc 9303-6, appendix B, and Doc 9303-4, appendix B.
SPECIMEN_TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
SPECIMEN_TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


@pytest.mark.parametrize("lines", [SPECIMEN, SPECIMEN_TD2, SPECIMEN_TD3])
def test_a_whole_zone_of_each_size_is_believed(scanner: VirtualMrzScanner, lines: tuple[str, ...]) -> None:
    scanner.show(lines)
    assert MrzScanner("127.0.0.1", scanner.port, seconds=20).read() == "\n".join(lines)


def test_a_whole_zone_is_believed() -> None:
    assert answered(ZONE + b"\n") == "\n".join(SPECIMEN)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        ZONE,
        ZONE[31:] + b"\n",
        "\n".join((*SPECIMEN_TD2[:1], *SPECIMEN_TD3[1:])).encode() + b"\n\n",
        "\n".join((*SPECIMEN_TD3, SPECIMEN_TD3[1])).encode() + b"\n\n",
        ZONE + ZONE[:31] + b"\n",
        ZONE.lower() + b"\n",
        ZONE.replace(b"\n", b"\r\n") + b"\r\n",
        ZONE.replace(b"<", b" ") + b"\n",
        "".join(line + "\n" for line in SPECIMEN).replace("7", "٧").encode() + b"\n",
        b"<" * 5000,
        b"\n" + ZONE + b"\n",
        ZONE + b"\n" + b"more\n\n",
    ],
)
def test_anything_else_is_no_card(answer: bytes) -> None:
    assert answered(answer) is None


def test_a_mute_scanner_and_a_missing_one_are_no_card() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port: int = mute.getsockname()[1]
        assert MrzScanner("127.0.0.1", port, seconds=0.05).read() is None
    assert MrzScanner("127.0.0.1", port, seconds=20).read() is None


def test_the_virtual_scanner_answers_its_question_only(scanner: VirtualMrzScanner) -> None:
    scanner.show(SPECIMEN)
    with socket.create_connection(("127.0.0.1", scanner.port), timeout=20) as connection:
        connection.sendall(b"SHOW\n")
        assert connection.recv(100) == b""
