"""Schema change over time. Its modules are imported by name; `import dorm` loads none of them."""
