"""What may follow "__": the table, the path walker, and how a lookup becomes SQL."""
