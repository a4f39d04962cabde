"""Stubs of a project's own models, for checkers and editors that no plugin can teach."""
