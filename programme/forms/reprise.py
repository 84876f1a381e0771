"""Formulaires de la reprise d'un classeur : le déposer, puis relier ses colonnes et ses mots."""

from typing import Any

from programme.forms.depot_relie import DepotRelieForm
from programme.forms.relier import LiaisonForm
from programme.reprise.mots import COLONNES, ETAT, ISSUES, VAGUE, mots_rencontres, proposer_valeurs
from programme.services.reprise.plan import CHOIX
from programme.socle.liaisons import RIEN, Rencontre

SANS_RIEN = (ETAT, *ISSUES)
"""Colonnes où chaque mot doit vouloir dire quelque chose."""


class DepotRepriseForm(DepotRelieForm):
    """Le classeur, et la correspondance qui dit comment le lire."""

    nom_du_fichier = "Votre classeur"
    aide_du_fichier = "Un .xlsx ou un .csv, tel qu’il est ; 10 Mo au plus. Rien n’est écrit avant votre confirmation."


class RelierForm(LiaisonForm):
    """Les colonnes et les mots d'un classeur de parcours."""

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues, par famille."""
        familles: dict[str, list[tuple[str, str]]] = {}
        for code, attendue in COLONNES.items():
            familles.setdefault(attendue.famille, []).append((code, attendue.libelle))
        return [("", "Ne pas reprendre"), *familles.items()]

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Les mots des colonnes reliées."""
        return mots_rencontres(self.grille, colonnes)

    def proposer(self, code: str, cle: str) -> Any:
        """La valeur que dit ce mot, ou None."""
        return proposer_valeurs(code, [cle])[cle]

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Ce qu'un mot de cette colonne peut vouloir dire."""
        if code in CHOIX:
            valeurs = [(choix.value, str(choix.label)) for choix in CHOIX[code]]
        elif code == VAGUE:
            numeros = sorted({*range(1, 13), *([int(initial)] if initial.isdecimal() else [])})
            valeurs = [(str(numero), f"Vague {numero}") for numero in numeros]
        else:
            valeurs = [("oui", "Oui"), ("non", "Non")]
        rien = [] if code in SANS_RIEN else [(RIEN, "N’en rien reprendre")]
        return [("", "À choisir"), *valeurs, *rien]

    def en_choix(self, valeur: Any) -> str:
        """Une valeur retenue, telle que le choix la propose."""
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        return super().en_choix(valeur)

    def en_valeur(self, code: str, choisi: str) -> Any:
        """Un choix, tel qu'on le retient ; laissé vide, chaque case qui le porte sera une faute, à sa place."""
        if choisi in ("", RIEN):
            return choisi or None
        if code == VAGUE:
            return int(choisi)
        return {"oui": True, "non": False}[choisi] if code not in CHOIX else choisi

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return COLONNES[code].libelle
