"""Metering pages: routes and their sheets, held readings, orders to read again, meters, exchange, line loss."""
