"""Rating 计价: frozen reads, terms and prices in; bill lines, heads and findings out.

``frames`` is the contract of the columns, ``shard`` the one entry point (Arrow in, Arrow out), the other modules the
steps in the order they run. ``wandeng.calc.oracle`` is the same law written as plain Python, used to prove this one.
"""
