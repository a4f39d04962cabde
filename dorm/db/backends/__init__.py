"""One module for each ENGINE, imported when a database of that kind is first used."""
