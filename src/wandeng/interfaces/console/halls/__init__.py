"""Pages of queues in halls."""
