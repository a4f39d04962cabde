"""SQL as a tree, its compiler, and the dialects."""
