<<<<<<< HEAD
<<<<<<< HEAD
"""Un module par agrégat."""
=======
"""Ce que les usages lisent d'un fichier venu du dehors."""
>>>>>>> lot7-e
=======
"""Fichiers venus du dehors : tickets, tableau de bord ESMS."""
>>>>>>> lot7-f
