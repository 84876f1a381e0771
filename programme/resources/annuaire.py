"""Import de l'annuaire FINESS : le fichier national face à la base."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.urls import reverse

from programme.permissions import peut_administrer
from programme.services.annuaire import Analyse, Choix, Ecart, analyser
from programme.socle.droits import Droit
from programme.socle.finess.lignes import Rejet
from programme.socle.finess.source import ouvrir
from programme.socle.imports import INCHANGE, REJETE, Apercu, Comparaison, Import, inscrire
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte

HORS_CATEGORIES = "Établissement d'une catégorie sans secteur (ou non choisie) : laissé de côté."
PLUS_ANCIENS = "L'annuaire a déjà une version plus récente de cet établissement : laissé tel quel."


class _AnnuaireCompare(Comparaison):
    def __init__(self, apercu: Apercu, analyse: Analyse) -> None:
        self.apercu = apercu
        self._analyse = analyse

    def ecrire(self, contexte: Contexte) -> None:
        self._analyse.ecrire(par=contexte.travail.par, temoin=contexte.continuer)


class ImportFiness(Import):
    """FINESS+, extrait etalab ou t-finess, en tâche de fond."""

    code = "finess"
    libelle = "Annuaire FINESS"
    exclusif = True

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """L'administrateur."""
        return peut_administrer(utilisateur)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Le dépôt d'un fichier FINESS."""
        return reverse("programme:import-finess")

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit le fichier en flux ; l'avancement est la part du fichier déjà lue."""
        travail = contexte.travail
        choix = Choix(
            categories=frozenset(travail.parametres.get("categories") or ()) or None,
            tout=bool(travail.parametres.get("tout")),
        )

        def noter(element: Ecart | Rejet) -> None:
            if isinstance(element, Rejet):
                apercu.noter(REJETE, element.ligne, element.numero, colonne=element.colonne, raison=element.raison)
            else:
                apercu.noter(element.effet, element.ligne, element.finess, element.nom, ecarts=element.valeurs)

        with travail.fichier.open("rb") as fichier:
            source = ouvrir(fichier, plafond=settings.TREILLE_TAILLE_IMPORT)

            def temoin(lus: int) -> None:
                contexte.avancer(fichier.tell(), source.taille, accorde(lus, "établissement lu,établissements lus"))

            lignes = source.lignes()
            with analyser(lignes, millesime=source.millesime, choix=choix, temoin=temoin, noter=noter) as analyse:
                bilan = analyse.bilan
                apercu.compter(INCHANGE, bilan.inchanges)
                apercu.avertissements += analyse.avertissements
                apercu.avertissements[HORS_CATEGORIES] += bilan.hors_categories
                apercu.avertissements[PLUS_ANCIENS] += bilan.plus_anciens
                yield _AnnuaireCompare(apercu, analyse)


inscrire(ImportFiness())
