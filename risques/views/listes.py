"""Les trois listes de l'app, voisines : de chacune on va aux deux autres."""

VUES = (
    ("Registre des risques", "risques:risque-liste"),
    ("Campagnes", "risques:campagne-liste"),
    ("Questionnaires", "risques:questionnaire-liste"),
)
