"""What the tests stand on: an own world for each test, and guards that turn a stray warning into a failure."""
