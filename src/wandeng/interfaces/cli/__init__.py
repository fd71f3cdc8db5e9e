"""The command line, ``wandeng``."""
