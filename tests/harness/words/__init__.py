"""The texts of the window as a test reads them."""
