"""The command `dorm`: `main.py` finds a command, one file or folder beside it is one command."""
