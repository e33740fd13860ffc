"""Files: takes come home, copies go out, and the disk has room for both."""
