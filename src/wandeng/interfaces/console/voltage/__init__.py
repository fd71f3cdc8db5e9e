"""Pages of voltage."""
