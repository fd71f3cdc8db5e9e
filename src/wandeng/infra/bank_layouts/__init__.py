"""Bank files as their layouts describe them: bytes to columns and back. The layouts are dated rules (``bank_files``)."""
