"""The customers' door: pages without a log-in for whoever holds a link. It knows no staff and shows nothing personal."""
