<<<<<<< HEAD
"""Un module par agrégat."""
=======
"""Tables des usages, un module par agrégat."""
>>>>>>> lot7-f
