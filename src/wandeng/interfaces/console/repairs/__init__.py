"""Pages of repairs: dispatch board, crews, incidents, permits to work."""
