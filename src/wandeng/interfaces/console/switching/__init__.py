"""Pages of switching sheets."""
