"""Units, people, posts, settings, work and logs: the pages of those who run the system."""
