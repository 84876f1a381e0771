"""Ce que les usages mettent à l'accueil, un module par sujet."""

from usages.a_faire import editeurs

__all__ = ["editeurs"]
