"""Ce que les usages mettent à l'accueil, un module par agrégat ; les importer les inscrit."""

from usages.a_faire import editeurs, enseignements, monographies, releves, reponses, retours, visites

__all__ = ["editeurs", "enseignements", "monographies", "releves", "reponses", "retours", "visites"]
