"""Pages of community boards and of the cards of people."""
