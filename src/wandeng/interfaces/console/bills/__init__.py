"""The bill desk: runs, exceptions, bills explained, compared and corrected."""
