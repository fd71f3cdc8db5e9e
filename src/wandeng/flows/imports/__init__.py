"""Importing: the kinds of files a utility brings, one module each, and the story of taking one in."""
