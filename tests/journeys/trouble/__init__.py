"""Odd servers, full disks, sudden ends: said, survived, and gone on from."""
