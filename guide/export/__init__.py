"""The guide for other programs: one module for each form."""
