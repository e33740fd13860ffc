"""How takes and joins are seen, compared, kept and rejected."""
