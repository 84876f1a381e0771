"""Un questionnaire venu d'un fichier : lu, vérifié en entier avant toute écriture, et rendu sans différence."""
