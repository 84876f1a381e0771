"""Ce qui n'est que du calcul : ni base, ni horloge."""
