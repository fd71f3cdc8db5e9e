"""The doctor 体检: names every gap of an installation in plain words, each with how to mend it."""
