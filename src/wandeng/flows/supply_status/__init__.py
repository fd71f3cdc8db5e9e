"""When supply is back (何时来电): what all domains know of an area, told as one answer, published and looked up."""
