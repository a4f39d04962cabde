"""What the plugin costs on a large project, beside django-stubs on a project of the same shape."""
