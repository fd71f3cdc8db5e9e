"""Other systems that hear events, and the examination of the installation."""
