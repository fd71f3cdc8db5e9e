"""Network pages: overview, map, single-line view, equipment, switching."""
