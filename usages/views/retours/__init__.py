"""Les pages des retours de terrain."""
