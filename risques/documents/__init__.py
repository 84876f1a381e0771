"""Documents à emporter des questionnaires et des risques : les données et les mots."""
