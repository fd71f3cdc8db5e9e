"""Organization 组织: units, posts, people and their roles; who sees what follows from the unit tree."""
