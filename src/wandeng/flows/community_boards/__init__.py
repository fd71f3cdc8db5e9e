"""Community boards (公示栏): what stands on one, as a value for the screen, and as paper."""
