"""The gap report from assessment files: in the terminal, as HTML, as a workbook; of one file or a comparison.

Enters: `.csbp.json` files and catalogue.json. Leaves: text, and the files asked for, whole or not at all.
"""

from guide.report.command import report_command
from guide.report.writing import Outputs, RefusedFilesError, report

__all__ = ["Outputs", "RefusedFilesError", "report", "report_command"]
