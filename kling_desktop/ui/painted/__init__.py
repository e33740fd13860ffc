"""What painted panels share: shapes of states, words in lines and blocks, choices in a row."""
