"""Rules with effective dates: the files under ``rules/``, read strictly and looked up by day.

A reader names a topic, a territory and a day and gets exactly one version or ``NoRuleInForce``. Knows no Django, so a
trial calculation runs without a database.
"""
