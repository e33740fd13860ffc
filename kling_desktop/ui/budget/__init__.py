"""The budget: what may be spent, and the ledger of what was."""
