"""Django's SQLite, whose transactions wait in line: nobody is told that the database is locked while others write."""
