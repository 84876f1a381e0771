<<<<<<< HEAD
"""Un module par agrégat."""
=======
"""Ce que les usages lisent d'un fichier venu du dehors."""
>>>>>>> lot7-e
