"""The pages of settings that stand for a part of the program: playing, exporting, accounts."""
