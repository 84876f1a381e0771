"""Les totaux gardés : ce qu'un lecteur en lit, ce qu'il en sait déjà, et ceux des ESMS qui se ressemblent."""
