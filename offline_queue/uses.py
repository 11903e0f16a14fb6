"""How often each service was used here of late: counts alone, of nobody in particular."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

_OF_LATE: Final = 1000
"""Transactions that are counted, the newest: some weeks of a busy office; as quick in a ledger of a million."""


def uses_of_services(connection: Database) -> dict[str, int]:
    """A correction is no use: the person came once."""
    rows = connection.execute(
        "SELECT service, count(*) FROM (SELECT message, service FROM outbox ORDER BY message DESC LIMIT ?) "
        "JOIN transactions USING (message) WHERE body_hash <> '' AND service <> '' GROUP BY service",
        (_OF_LATE,),
    ).fetchall()
    return {str(service): int(count) for service, count in rows}
