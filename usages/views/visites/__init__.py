"""Pages d'une visite d'étude."""
