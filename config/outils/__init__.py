"""Outillage de la maison, appelé par le Makefile ; rien ici n'est importé par le produit."""
