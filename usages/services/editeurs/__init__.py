"""Les éditeurs d'une grappe : ce qu'on en sait, ce qu'on leur demande, leurs versions et qui y passe."""
