"""What the creator sees; decides nothing."""
