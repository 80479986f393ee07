"""A package of its own, so that no installed package of the same name stands before it."""
