"""The computer around the program: its keyring, its folders and variables, and what it must not warn of."""
