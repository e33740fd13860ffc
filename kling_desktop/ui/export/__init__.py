"""The dialog that hands a film over, and the exports under way."""
