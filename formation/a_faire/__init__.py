"""Ce que la formation met à l'accueil, un module par agrégat ; les importer les inscrit."""
