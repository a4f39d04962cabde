"""The execution wing: statements, transactions and connections. It never hears of models."""
