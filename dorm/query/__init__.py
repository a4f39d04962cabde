"""Queries: a frozen description, placed among tables, compiled once, built into rows."""
