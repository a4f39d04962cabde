"""Bridges to other libraries, each an optional extra.

Nothing is imported here: each module imports the library that it is for.
"""
