"""Coming in and out, the own profile: password, tokens, language, unit acted in, saved views."""
