"""Documents à emporter : les données de chacun, que `templates/documents` dispose."""
