"""Documents à emporter : les données de chacun, et un seul rendu pour tous."""
