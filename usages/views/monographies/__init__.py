"""Les pages des monographies."""
