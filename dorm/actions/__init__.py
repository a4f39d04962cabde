"""Every operation, once, as a coroutine over an executor."""
