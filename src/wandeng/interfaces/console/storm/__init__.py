"""Pages of storms: the board, probable devices, storm mode, ties, an incident's restoration, generators."""
