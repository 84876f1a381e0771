"""Les visites d'une étude : leurs verbatims, leurs constats, leur codage."""
