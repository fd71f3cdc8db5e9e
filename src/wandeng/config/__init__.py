"""The wires: settings, urls, logging. Nobody imports it."""
