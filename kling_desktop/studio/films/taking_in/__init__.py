"""Films that come back from elsewhere, out of archives and exports, into this library."""
