"""Word families: which words speak of the same matter, in nine languages."""
