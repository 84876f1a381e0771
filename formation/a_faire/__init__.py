"""Ce que la formation met à l'accueil, un module par agrégat ; les importer les inscrit."""

from formation.a_faire import equipes, habilitations, sessions

__all__ = ["equipes", "habilitations", "sessions"]
