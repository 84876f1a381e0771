"""Le refus d'un fichier entier, et les quelques façons de le dire."""


class FichierRefuse(Exception):
    """Un fichier qu'on ne peut pas lire ; `message` dit en une phrase quoi, où et que faire."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FichierIndesirable(FichierRefuse):
    """Un fichier qui porte ce que Treille ne reçoit pas : refusé, et effacé."""


def apres(nombre: int) -> str:
    """« avant le premier établissement », « après 1 établissement », « après 812 établissements »."""
    if not nombre:
        return "avant le premier établissement"
    return f"après {nombre} établissement{'s' if nombre > 1 else ''}"
