"""Ce qui s'emporte : une grille remplie, un questionnaire vierge, une analyse de risques."""
