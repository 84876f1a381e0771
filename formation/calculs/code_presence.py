"""Le code d'une session : lu au tableau, recopié à la main sur la feuille, retapé ensuite. Module pur."""

import secrets

SIGNES = "CDFGHJKMNPRTVWXY34679"
"""Ni voyelle (aucun mot ne s'y lit), ni signe qu'une main confond : 0 et O, 1 et I et L, 2 et Z, 5 et S, 8 et B."""
LONGUEUR = 6


def tirer() -> str:
    """Un code au hasard."""
    return "".join(secrets.choice(SIGNES) for _ in range(LONGUEUR))


def lire(saisi: str) -> str:
    """Le code tel qu'on l'a tapé, sans blanc ni tiret, en capitales."""
    return "".join(signe for signe in saisi.upper() if signe.isalnum())


def est_le_bon(saisi: str, code: str) -> bool:
    """Vrai si c'est ce code ; une session sans code n'en accepte aucun."""
    return bool(code) and secrets.compare_digest(lire(saisi).encode(), code.encode())
