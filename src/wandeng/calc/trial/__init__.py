"""Trial calculation 试算: a case in a file, the rules of its day, and every step of the answer; no database.

``validation`` reads a case and complains in plain words; one module a kind holds the case's schema and
turns the arithmetic of ``wandeng.calc`` into printed steps; ``kinds`` is the list of them. Rules are not
read here: whoever calls brings them as parameter dataclasses with their source.
"""
