"""Model metadata: options, relations, and the registry of models."""
