"""Ce que les risques mettent à l'accueil, un module par agrégat ; les importer les inscrit au registre du socle."""

from risques.a_faire import analyses, partages, registre

__all__ = ["analyses", "partages", "registre"]
