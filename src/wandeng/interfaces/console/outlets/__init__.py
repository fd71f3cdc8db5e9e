"""Pages of outlets and payment circles."""
