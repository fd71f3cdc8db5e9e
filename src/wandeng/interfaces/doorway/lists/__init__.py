"""Lists: what rows, which columns, filters and order. Said once a list, shown by page, API and export alike."""
