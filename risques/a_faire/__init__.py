"""Ce que les questionnaires et les risques mettent à l'accueil, un module par agrégat ; les importer les inscrit."""

from risques.a_faire import analyses, campagnes, grilles, partages, registre

__all__ = ["analyses", "campagnes", "grilles", "partages", "registre"]
