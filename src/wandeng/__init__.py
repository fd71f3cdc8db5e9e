"""Wandeng 万灯: the customer service of a power utility.

The layers, upper may import lower: config, interfaces, flows, domains, infra | calc, kernel; ``twin`` stands
beside interfaces. ARCHITECTURE.md says where a line of code belongs.
"""
