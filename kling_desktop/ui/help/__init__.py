"""What helps: the sheet of keys, the failure doctor, the report."""
