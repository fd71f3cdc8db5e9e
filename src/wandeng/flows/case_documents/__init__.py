"""Cases on paper: what is needed, told once on one sheet, and the application that is filled in already."""
