"""Finding things by what people have in hand: a number or its end, a name, its initials, a piece of an address.

Domains put in what of theirs can be found, in the transaction that makes it true (``entries``); ``finding`` answers which
things fit a text, within units, best first. What a thing looks like and whether the asker may see it is said by the
domain that owns it, not here.
"""
