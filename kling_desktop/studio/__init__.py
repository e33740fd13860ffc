"""What the application does, without a screen: submit once, follow, download, keep."""
