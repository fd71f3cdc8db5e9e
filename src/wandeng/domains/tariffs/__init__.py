"""Tariffs 电价: the dated price book and which usage point is priced by what, from when."""
