"""Files in: opening them safely, reading their columns, parking what is wrong, landing the rest by chunk."""
