"""Les trois listes de l'app, voisines : de chacune on va aux deux autres."""

VUES = (
    ("Séances", "gouvernance:seance-liste"),
    ("Décisions", "gouvernance:decision-liste"),
    ("Alertes", "gouvernance:alerte-liste"),
)
