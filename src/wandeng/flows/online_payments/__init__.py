"""Money online: orders through providers, what they tell us, refunds, and their day against ours.

A provider is reached through an adapter (``providers.Provider``) that lives at the door ``interfaces/channels`` and is
named by a setting. Nothing is sent before it is written down, and nothing that was sent is sent again unasked.
"""
