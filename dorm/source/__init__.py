"""What the project's models.py files say, read with ast and never imported."""
