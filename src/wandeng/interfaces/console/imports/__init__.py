"""The import desk: files in, what is wrong with them, and putting it right."""
