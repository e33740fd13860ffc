"""What tests ask of a sandbox: switches, and the record of what was really made."""
