"""The price book, who is priced by what, and trial calculation."""
