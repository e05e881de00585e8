"""A workbook in the form of Office Open XML.

Written here and not by a library, so that its bytes depend on its content alone, that a text
is never taken for a formula, an error or an escape, and that a number keeps all its digits.
"""
