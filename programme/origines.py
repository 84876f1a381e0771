"""Origines d'actions que le programme inscrit lui-même."""

from programme.socle.origines import inscrire

SAISIE = inscrire("saisie", "Saisie à la main").code
