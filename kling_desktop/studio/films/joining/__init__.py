"""How clips that were made one after the other become one film, and what is known of it then."""
