"""Old Word forms: read, their gaps matched with the catalogue, and drafted as a page."""
