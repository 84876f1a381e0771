"""Pages d'une étude."""
