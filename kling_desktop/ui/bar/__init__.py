"""The bar over all panels: the film, and chips that each say one thing and open its page."""
