"""The program is killed while it works: what ledger, payment terminal and intake say afterwards must agree."""
