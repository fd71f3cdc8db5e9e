"""What other tests make of collections, a module a subject: ``orders``."""
