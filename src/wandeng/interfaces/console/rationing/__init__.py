"""Pages of rationing."""
