"""The account: its keys, the clips that it has, the callbacks that it sends."""
