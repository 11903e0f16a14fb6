"""The ledger, its outbox, the delivery to the centre, and the centre's own intake."""
