"""The ledger's tables, as a list of migrations that only add: the release before opens what this one has written.

`entries` is the truth and is never changed or deleted. Its columns are read out of the signed bytes themselves, so
that no second copy can disagree with them. `bodies` hold what an entry's hash covers; they may leave by a retention
rule, the hashes stay. `transactions`, `receipts` and `print_jobs` are projections: what the entries say, for quick
questions; `offline_queue.verify` builds them anew and compares. In `outbox` only what concerns attempts may change.

`staff`, `staff_tries` and `staff_journal` are who may stand behind the counter, their wrong tries, and what they did;
`parked` holds requests that were stopped half way, for a few days. None of these is delivered. `sealed_bodies` holds
what only the centre can open: the body of each request that was prepared, by its hash and the key it is sealed to.

`removed_bodies` is a projection too: which entry says that a body has left. `upkeep` is when each of the ledger's own
tasks last ran (`offline_queue.upkeep`); losing it loses no fact.

`uptake` is how the services were used (`kiosk.uptake`): delivered, and yet in no entry of the chain. It is nobody's
money and nobody's proof; and an entry's time and place in the order would tie a record to the transaction that was
written a moment before. For the same reason the table has no row numbers: its rows lie in the order of random ids.

Times in `outbox` and `parked` are milliseconds since 1970 (UTC); all others are ISO 8601 text.
"""

from __future__ import annotations

_ENTRIES = """
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY,
    canonical BLOB NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL,
    terminal TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.terminal')) VIRTUAL,
    kind TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.kind')) VIRTUAL,
    basket TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.ids_basket')) VIRTUAL,
    transaction_id TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.ids_transaction')) VIRTUAL,
    payment TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.ids_payment')) VIRTUAL,
    actor TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.actor')) VIRTUAL,
    cause TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.cause')) VIRTUAL,
    written_at TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.written_at')) VIRTUAL,
    amount_fils INTEGER GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.amount_fils')) VIRTUAL,
    receipt_number TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.receipt_number')) VIRTUAL,
    message INTEGER GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.message')) VIRTUAL,
    body_hash TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.body_hash')) VIRTUAL,
    previous_hash TEXT GENERATED ALWAYS AS (json_extract(CAST(canonical AS TEXT), '$.previous_hash')) VIRTUAL,
    CHECK (sequence = json_extract(CAST(canonical AS TEXT), '$.sequence'))
) STRICT
"""

_TRANSACTIONS = """
CREATE TABLE transactions (
    transaction_id TEXT PRIMARY KEY,
    basket TEXT NOT NULL,
    payment TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    payment_state TEXT,
    amount_fils INTEGER NOT NULL,
    body_hash TEXT NOT NULL,
    prepared_at TEXT NOT NULL,
    committed_sequence INTEGER UNIQUE,
    committed_at TEXT,
    receipt_number TEXT UNIQUE,
    message INTEGER UNIQUE,
    decided_at TEXT,
    reference TEXT NOT NULL,
    words_ar TEXT NOT NULL,
    words_en TEXT NOT NULL
) STRICT
"""

_RECEIPTS = """
CREATE TABLE receipts (
    number TEXT PRIMARY KEY,
    transaction_id TEXT NOT NULL UNIQUE REFERENCES transactions (transaction_id),
    outcome TEXT NOT NULL,
    issued_sequence INTEGER NOT NULL UNIQUE REFERENCES entries (sequence),
    body_hash TEXT NOT NULL,
    code_hash TEXT NOT NULL
) STRICT
"""

_PRINT_JOBS = """
CREATE TABLE print_jobs (
    receipt_number TEXT NOT NULL REFERENCES receipts (number),
    copy INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (receipt_number, copy)
) STRICT
"""

_OUTBOX = """
CREATE TABLE outbox (
    message INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL UNIQUE REFERENCES transactions (transaction_id),
    sequence INTEGER NOT NULL UNIQUE REFERENCES entries (sequence),
    bytes INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_ms INTEGER,
    leased_until_ms INTEGER,
    not_before_ms INTEGER,
    problem TEXT NOT NULL DEFAULT ''
) STRICT
"""


def _refuses(table: str, act: str, name: str) -> str:
    return f"""
CREATE TRIGGER {name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: what was written is never changed'); END
"""


_NO_GAP = """
CREATE TRIGGER entries_follow_one_another BEFORE INSERT ON entries
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM entries)
  OR json_extract(CAST(NEW.canonical AS TEXT), '$.previous_hash') <>
     coalesce((SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
BEGIN SELECT RAISE(ABORT, 'entries: not the next link of the chain'); END
"""

FIRST_ISSUE: tuple[str, ...] = (
    _ENTRIES,
    # The numbers that must never be given twice are unique in the truth itself, whatever becomes of a projection.
    "CREATE UNIQUE INDEX entries_message ON entries (message) WHERE message IS NOT NULL",
    "CREATE UNIQUE INDEX entries_number ON entries (receipt_number) WHERE kind = 'committed'",
    "CREATE INDEX entries_transaction ON entries (transaction_id)",
    "CREATE TABLE bodies (hash TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT",
    _TRANSACTIONS,
    "CREATE INDEX transactions_unfinished ON transactions (prepared_at) WHERE state = 'prepared'",
    "CREATE INDEX transactions_waiting ON transactions (message) WHERE state = 'committed'",
    "CREATE INDEX transactions_attention ON transactions (message) WHERE state = 'needs_attention'",
    _RECEIPTS,
    _PRINT_JOBS,
    _OUTBOX,
    _NO_GAP,
    _refuses("entries", "UPDATE", "entries_no_update"),
    _refuses("entries", "DELETE", "entries_no_delete"),
    _refuses("bodies", "UPDATE", "bodies_no_update"),
    _refuses("outbox", "UPDATE OF message, transaction_id, sequence, bytes", "outbox_no_update"),
    _refuses("outbox", "DELETE", "outbox_no_delete"),
)

_STAFF = """
CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    role TEXT NOT NULL,
    active INTEGER NOT NULL,
    pin TEXT NOT NULL
) STRICT
"""

_STAFF_JOURNAL = """
CREATE TABLE staff_journal (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    staff TEXT NOT NULL,
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT
"""

_JOURNAL_NO_GAP = """
CREATE TRIGGER staff_journal_follows BEFORE INSERT ON staff_journal
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM staff_journal)
  OR NEW.previous_hash <>
     coalesce((SELECT hash FROM staff_journal ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
BEGIN SELECT RAISE(ABORT, 'staff_journal: not the next link of the chain'); END
"""

_PARKED = """
CREATE TABLE parked (
    reference TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    service TEXT NOT NULL,
    parked_at_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    by_staff TEXT NOT NULL,
    draft BLOB NOT NULL,
    UNIQUE (person, service)
) STRICT
"""

COUNTER: tuple[str, ...] = (
    _STAFF,
    "CREATE TABLE staff_tries (who TEXT PRIMARY KEY, tries TEXT NOT NULL) STRICT",
    _STAFF_JOURNAL,
    _PARKED,
    "CREATE INDEX parked_until ON parked (until_ms)",
    _JOURNAL_NO_GAP,
    _refuses("staff", "DELETE", "staff_no_delete"),
    _refuses("staff_journal", "UPDATE", "staff_journal_no_update"),
    _refuses("staff_journal", "DELETE", "staff_journal_no_delete"),
)

OFFLINE_LIMITS: tuple[str, ...] = (
    # The default is for the release before, which writes rows without it.
    "ALTER TABLE outbox ADD COLUMN service TEXT NOT NULL DEFAULT ''",
    _refuses("outbox", "UPDATE OF service", "outbox_service_no_update"),
)

GROWTH: tuple[str, ...] = (
    # What is counted often, and is few, so that no count grows with the ledger.
    "CREATE INDEX transactions_voided ON transactions (prepared_at) WHERE state = 'voided'",
    "CREATE INDEX print_jobs_open ON print_jobs (receipt_number) WHERE state <> 'confirmed'",
    "CREATE INDEX outbox_leased ON outbox (leased_until_ms) WHERE leased_until_ms IS NOT NULL",
)

_SEALED_BODIES = """
CREATE TABLE sealed_bodies (
    body_hash TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (body_hash, key_id)
) STRICT
"""

_CHANGES_STAY = """
CREATE TRIGGER bodies_of_key_changes_stay BEFORE DELETE ON bodies
WHEN EXISTS (SELECT 1 FROM entries WHERE kind = 'key_changed' AND body_hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'bodies: without it no later key is proven'); END
"""

SEALING: tuple[str, ...] = (
    _SEALED_BODIES,
    _refuses("sealed_bodies", "UPDATE", "sealed_bodies_no_update"),
    # Which key is in force is asked at every start, of a ledger that may hold a million entries.
    "CREATE INDEX entries_key_changed ON entries (sequence) WHERE kind = 'key_changed'",
    _CHANGES_STAY,
)

CORRECTIONS: tuple[str, ...] = (
    # Corrections are transactions without an agreement. Staff list them, and count what was taken back, in a ledger of
    # a million too.
    "CREATE INDEX transactions_corrections ON transactions (message) WHERE body_hash = ''",
    "CREATE INDEX transactions_reversed ON transactions (message) WHERE state = 'reversed'",
)

_REMOVED_BODIES = """
CREATE TABLE removed_bodies (
    hash TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL REFERENCES entries (sequence)
) STRICT, WITHOUT ROWID
"""

KEEPING: tuple[str, ...] = (
    _REMOVED_BODIES,
    "CREATE TABLE upkeep (task TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT",
    # In the order in which their content falls due; voided ones have theirs (transactions_voided).
    "CREATE INDEX transactions_accepted_at ON transactions (decided_at, transaction_id) WHERE state = 'accepted'",
)

REVERSED_KEEPING: tuple[str, ...] = (
    # The same of what was taken back: in the order in which the centre accepted the corrections.
    """CREATE INDEX transactions_corrections_accepted ON transactions (decided_at, transaction_id)
    WHERE state = 'accepted' AND body_hash = ''""",
)

PUT_OFF: tuple[str, ...] = (
    # `not_before_ms` is forgotten with the next attempt; this is not. Until then an item waited for the centre or its
    # agency, since then for the line.
    "ALTER TABLE outbox ADD COLUMN put_off_until_ms INTEGER",
)

_UPTAKE = """
CREATE TABLE uptake (
    record TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID
"""

UPTAKE: tuple[str, ...] = (
    _UPTAKE,
    "CREATE INDEX uptake_oldest ON uptake (delivered DESC, day)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    FIRST_ISSUE,
    COUNTER,
    OFFLINE_LIMITS,
    GROWTH,
    SEALING,
    CORRECTIONS,
    KEEPING,
    REVERSED_KEEPING,
    PUT_OFF,
    UPTAKE,
)


def guards() -> tuple[str, ...]:
    """The triggers of this release, which refuse what must never happen to a row."""
    every = (statement.strip() for tables in MIGRATIONS for statement in tables)
    return tuple(statement for statement in every if statement.startswith("CREATE TRIGGER"))
