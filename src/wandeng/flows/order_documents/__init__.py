"""Orders on paper, for whoever goes: the signed instruction with what it is about and where."""
