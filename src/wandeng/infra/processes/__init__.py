"""Processes as data: what a kind of case is, step by step, read strictly from dated files under ``processes/``.

A definition says which classes a case falls into, who does which step, which time limits run from where to where and what
may pause them, which documents and fields are needed, who is warned, how the customer is called back and when a case may be
closed. Its time limits are keys of the dated rules (``service_limits``). A utility keeps files of its own in a folder
outside the product; a new kind of case is one more file. Knows no Django.
"""
