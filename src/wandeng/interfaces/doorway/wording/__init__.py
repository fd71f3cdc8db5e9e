"""Sentences and words in the languages of the readers: data, one folder a language, read once."""
