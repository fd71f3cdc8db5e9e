"""Metering 计量: meters, installations with CT and PT, register readings, interval curves, usage."""
