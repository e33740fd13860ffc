"""A film as a folder for editing programs: its media and one timeline file for each family of them."""
