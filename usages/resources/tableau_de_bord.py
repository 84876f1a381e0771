"""Import du tableau de bord ESMS : lire l'export en flux, montrer chiffre par chiffre, écrire, effacer le fichier."""

import csv
import io
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from programme.models import Parcours
from programme.socle.classeur import (
    FAUTES_DE_CLASSEUR,
    NIR,
    NIR_AILLEURS,
    Cellule,
    cellule_csv,
    decoder,
    est_xlsx,
    refuser_nir,
    valeur_xlsx,
)
from programme.socle.droits import Droit
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.imports import CREE, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison
from programme.socle.imports_relies import FichierCompare, ImportRelie, auteur, inscrire_relie, suite
from programme.socle.inspection import ILLISIBLE, inspecter
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, TravailRefuse
from usages.calculs.lignes_tdb import FINESS, lire_lignes
from usages.calculs.periodes import Periode
from usages.permissions import SAISIE_DES_CHIFFRES, peut_saisir_chiffres
from usages.services.import_tdb import GENRE, Plan, comparer, ecrire, parcours_saisis

AMPLEUR = 5
COLONNES_AU_PLUS = 600
"""L'export national en a 331 ; au-delà du double, ce n'est pas lui."""
LIGNES_AU_PLUS = 10_000
SEPARATEURS = ";\t,"

VIDE = "Ce tableau n'a que ses intitulés, aucun ESMS : repartez de l'export."
TROP_LARGE = f"Plus de {COLONNES_AU_PLUS} colonnes : ce n'est sans doute pas l'export du tableau de bord ESMS."
TROP_LONG = f"Plus de {LIGNES_AU_PLUS} lignes : gardez les seuls ESMS que vous saisissez."
UNE_COLONNE = "Ce fichier n'a qu'une colonne, ou son séparateur n'est pas connu : déposez l'export tel qu'il est."
OUVRE = "Écrire ouvrira {} de {}, qui manquait encore : vous le transmettrez comme les autres."
COLONNES_PARTIES = "Les colonnes de ce fichier ne sont plus celles qu'on a reliées : reliez-les de nouveau."

Rangees = Generator[tuple[int, list[Cellule]], None, None]


@contextmanager
def ouvrir(fichier: IO[bytes]) -> Iterator[tuple[list[str], Rangees]]:
    """Les intitulés, puis les lignes une à une. Lève `FichierRefuse`, ou `FichierIndesirable` s'il porte un NIR."""
    lues = _bornees(_xlsx(fichier) if est_xlsx(fichier) else _csv(fichier))
    with closing(lues):
        entete = next((cellules for _, cellules in lues if any(c.texte for c in cellules)), None)
        if entete is None:
            raise FichierRefuse(VIDE)
        yield [c.texte for c in entete], lues


def lire_entetes(fichier: IO[bytes]) -> list[str]:
    """Les seuls intitulés, pour relier."""
    with ouvrir(fichier) as (entetes, _):
        return entetes


def verifier(fichier: IO[bytes]) -> None:
    """Lit tout, sans rien en garder : un NIR, un fichier démesuré ou sans ligne se refusent avant d'être rangés."""
    with ouvrir(fichier) as (_, lues):
        # Une somme, non un any() : s'arrêter à la première ligne laisserait passer un NIR plus bas.
        if not sum(any(c.texte for c in cellules) for _, cellules in lues):
            raise FichierRefuse(VIDE)


def _bornees(rangees: Rangees) -> Rangees:
    """Les mêmes, bornées ; un NIR, où qu'il soit, se dit une fois tout lu."""
    places: list[str] = []
    with closing(rangees):
        for numero, cellules in rangees:
            if len(cellules) > COLONNES_AU_PLUS:
                raise FichierRefuse(TROP_LARGE)
            if numero > LIGNES_AU_PLUS:
                raise FichierRefuse(TROP_LONG)
            places += [f"ligne {numero}, case {c.place}" for c in cellules if c.porte_nir]
            yield numero, cellules
    refuser_nir(places)


def _csv(fichier: IO[bytes]) -> Rangees:
    texte = decoder(fichier.read())
    premiere = texte.split("\n", 1)[0]
    separateur = max(SEPARATEURS, key=premiere.count)
    if separateur not in premiere:
        raise FichierRefuse(UNE_COLONNE)
    lignes = csv.reader(io.StringIO(texte), delimiter=separateur)
    try:
        for numero, ligne in enumerate(lignes, 1):
            yield numero, [cellule_csv(numero, rang, valeur) for rang, valeur in enumerate(ligne, 1)]
    except csv.Error as erreur:
        raise FichierRefuse(f"Ce CSV ne se lit pas ({erreur}) : réenregistrez-le depuis votre tableur.") from erreur


def _xlsx(fichier: IO[bytes]) -> Rangees:
    if inspecter(fichier, AMPLEUR):
        raise FichierIndesirable(NIR.format(NIR_AILLEURS))
    try:
        classeur = load_workbook(fichier, read_only=True, data_only=False, keep_links=False)
        with closing(classeur):
            page = classeur.worksheets[0]
            # Les dimensions annoncées peuvent mentir : seules les cellules présentes comptent.
            page.reset_dimensions()
            for numero, rangee in enumerate(page.iter_rows(max_col=COLONNES_AU_PLUS + 1), 1):
                cases = [Cellule(f"{get_column_letter(r)}{numero}", valeur_xlsx(c)) for r, c in enumerate(rangee, 1)]
                while cases and cases[-1].valeur is None:
                    cases.pop()
                yield numero, cases
    except FAUTES_DE_CLASSEUR as faute:
        raise FichierRefuse(ILLISIBLE) from faute


class ImportTdb(ImportRelie):
    """L'export d'un exercice ; `parametres` : l'ESMS d'où l'on vient, l'année, la colonne de chaque partie."""

    code = GENRE
    libelle = "Tableau de bord ESMS"
    chose = ("Tableau de bord ESMS déposé", "Tableaux de bord ESMS oubliés")
    etapes = ("Fichier", "Colonnes")
    revoir = "Revoir les colonnes"
    mention_des_rejets = "Un chiffre rejeté n'empêche pas les autres chiffres de sa ligne."
    libelle_du_retour = "Revenir aux relevés"
    remede_des_rejets = "Corrigez ces chiffres dans le fichier, puis déposez-le de nouveau."

    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Qui saisit les chiffres d'un ESMS de l'organisme, ou l'a reliée lui-même s'il n'y en a pas."""
        saisis = parcours_saisis(utilisateur).filter(esms__og=correspondance.og_id)
        siens = saisis.exists() if correspondance.og_id else correspondance.par == utilisateur
        return Droit(bool(siens), "" if siens else SAISIE_DES_CHIFFRES)

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui saisit pour l'ESMS d'où l'on vient ; chaque ligne est ensuite jugée pour le sien."""
        parcours = Parcours.objects.filter(pk=parametres.get("parcours", 0)).first()
        return peut_saisir_chiffres(utilisateur, parcours) if parcours else Droit(False, SAISIE_DES_CHIFFRES)

    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui dépose : sans fichier, il n'y a rien à relier."""
        return reverse("usages:parcours-tdb", args=[parametres["parcours"]])

    def adresse_pour_relier(self, travail: Travail) -> str:
        """La page qui relie ce dépôt."""
        return reverse("usages:tdb-relier", args=[travail.parametres["parcours"], travail.pk])

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les relevés de l'ESMS d'où l'on vient."""
        return reverse("usages:parcours-releves", args=[parametres["parcours"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit l'export une ligne à la fois, essaie d'écrire, défait, et montre."""
        travail, par = contexte.travail, auteur(contexte)
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        colonnes: dict[str, int] = travail.parametres["colonnes"]
        with travail.fichier.open("rb") as fichier, ouvrir(fichier) as (entetes, rangees):
            if max(colonnes.values()) >= len(entetes) or FINESS not in colonnes:
                raise TravailRefuse(COLONNES_PARTIES)
            plan = comparer(
                lire_lignes(rangees, colonnes),
                periode=Periode.lire(str(travail.parametres["annee"])),
                par=par,
                le=timezone.now(),
                temoin=lambda fait: contexte.avancer(fait, message=accorde(fait, "ESMS lu,ESMS lus")),
            )
        _noter(plan, apercu)

        def appliquer(contexte: Contexte) -> list[dict[str, str]]:
            ecrits = accorde(ecrire(plan, par=par, le=timezone.now()), "chiffre écrit,chiffres écrits")
            return suite(ecrits, self.retour(travail.parametres), "Revenir aux relevés")

        yield FichierCompare(apercu, appliquer)


def _noter(plan: Plan, apercu: Apercu) -> None:
    if plan.ouverts:
        apercu.annonces.append(OUVRE.format(accorde(plan.ouverts, "relevé"), plan.periode.nom))
    for c in plan.changements:
        effet = CREE if c.est_neuf else MODIFIE
        finess, nom = c.parcours.esms.finess, str(c.parcours)
        apercu.noter(effet, c.ligne, finess, nom, ecarts=[(c.titre, c.avant, c.apres)])
    if plan.inchanges:
        apercu.compter(INCHANGE, plan.inchanges)
    for r in plan.rejets:
        apercu.noter(REJETE, r.ligne, r.finess or f"ligne {r.ligne}", r.nom, colonne=r.colonne, raison=r.raison)


inscrire_relie(ImportTdb())
