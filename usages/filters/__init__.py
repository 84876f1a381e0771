<<<<<<< HEAD
"""Un module par agrégat."""
=======
"""Filtres des usages, un module par agrégat."""
>>>>>>> lot7-f
