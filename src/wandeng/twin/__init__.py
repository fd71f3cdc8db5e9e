"""The synthetic utility: a seeded generator of a believable county, written out as import files."""
