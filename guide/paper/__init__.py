"""Paper: handouts, worksheets, training packs, the book. Enters: rendered pages and the guide. Leaves: PDF files."""
