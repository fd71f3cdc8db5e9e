"""Pure columnar computation: Arrow in, Arrow out, no database, no clock, no Django."""
