"""What people do with switching sheets: ``sheets`` writes, checks, issues and voids them, ``steps`` executes them."""
