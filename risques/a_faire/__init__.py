"""Ce que les risques mettent à l'accueil, un module par agrégat ; les importer les inscrit au registre du socle."""

from risques.a_faire import partages

__all__ = ["partages"]
