"""Ce que la gouvernance met à l'accueil, un module par agrégat ; les importer les inscrit."""

from gouvernance.a_faire import alertes, decisions, mandats, partages, seances

__all__ = ["alertes", "decisions", "mandats", "partages", "seances"]
