"""A Django app: its models are those of the library."""
