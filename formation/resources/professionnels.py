"""Import du fichier du personnel d'un organisme : lire, comparer, montrer sans nommer, écrire, effacer le fichier.

Ses travaux se lisent par l'administrateur : ni l'aperçu, ni le rapport ne portent un nom ou un matricule.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO, Any

from django.urls import NoReverseMatch, reverse

from formation.calculs.lignes_rh import lire_lignes
from formation.calculs.mots_rh import A_MOTS, COLONNES, INDISPENSABLES, proposer_colonnes
from formation.permissions import NOMS_RESERVES
from formation.resources.presences import CODE as PRESENCES
from formation.services.import_professionnels import Plan, Portee, comparer, ecrire, lire_portee
from formation.services.import_professionnels.correspondances import GENRE, traducteur
from formation.services.import_professionnels.portee import parcours_de
from programme.socle.droits import Droit
from programme.socle.grilles import Grille
from programme.socle.imports import CREE, FERME, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison
from programme.socle.imports_relies import (
    FichierCompare,
    ImportRelie,
    auteur,
    compter,
    import_relie,
    inscrire_relie,
    suite,
)
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte

Temoin = Callable[[int, int], None]


def preparer(
    fichier: IO[bytes],
    correspondance: Correspondance,
    portee: Portee,
    apercu: Apercu,
    *,
    complet_au: date | None = None,
    temoin: Temoin = lambda fait, total: None,
) -> Plan:
    """Lit, compare et remplit l'aperçu ; n'écrit rien."""
    grille, fautes = import_relie(GENRE).lire(fichier, correspondance)
    lignes = [] if fautes else lire_lignes(grille, correspondance.colonnes, traducteur(correspondance, portee))
    plan = comparer(portee, lignes, complet_au=None if fautes else complet_au, temoin=temoin)
    for phrase in fautes:
        apercu.noter(REJETE, 0, "", raison=phrase)
    _noter(plan, apercu)
    for phrase in grille.avertissements:
        apercu.avertissements[phrase] += 1
    return plan


def _noter(plan: Plan, apercu: Apercu) -> None:
    for comparee in plan.lignes:
        ligne = comparee.ligne
        if comparee.fautes:
            colonnes = ", ".join(dict.fromkeys(COLONNES[f.colonne] for f in comparee.fautes))
            raison = " ".join(f.en_clair for f in comparee.fautes)
            apercu.noter(REJETE, ligne.numero, ligne.cle, comparee.ou, colonne=colonnes, raison=raison)
        elif comparee.est_creee or comparee.est_modifiee:
            effet = CREE if comparee.est_creee else MODIFIE
            apercu.noter(effet, ligne.numero, ligne.cle, comparee.ou, ecarts=comparee.en_clair())
        else:
            apercu.compter(INCHANGE, 1)
    parcours = {p.pk: p for p in plan.portee.parcours.values()}
    for sortie in plan.sorties:
        ou = f"{sortie.poste.metier}, {parcours[sortie.poste.parcours_id]}"
        apercu.noter(FERME, 0, sortie.cle, ou, ecarts=[("Sortie", sortie.poste.fin, plan.complet_au)])
    apercu.annonces = plan.annonces
    apercu.avertissements += plan.avertissements


class ImportProfessionnels(ImportRelie):
    """Le fichier d'un organisme ; `parametres` dit l'OG, la correspondance, d'où l'on vient, s'il est complet."""

    code = GENRE
    libelle = "Fichier du personnel"
    chose = ("Fichier du personnel déposé", "Fichiers du personnel oubliés")
    titres = ("Ligne ou numéro", "Métier et ESMS")
    titre_des_annonces = "Ceux qui n'y sont plus"
    mention_des_rejets = "Une seule case fautive met toute sa ligne de côté."
    libelle_du_retour = "Revenir d'où vous venez"
    attendues, indispensables, a_mots = COLONNES, INDISPENSABLES, A_MOTS
    gardes_aussi = (PRESENCES,)

    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Qui gère un ESMS de l'organisme."""
        gere = correspondance.og and parcours_de(correspondance.og, utilisateur)
        return Droit(True) if gere else Droit(False, NOMS_RESERVES)

    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui relie."""
        return reverse("formation:professionnels-relier", args=[parametres["correspondance"]])

    def retour(self, parametres: dict[str, Any]) -> str:
        """La page d'où l'on est parti : celle d'un ESMS, ou de l'organisme."""
        return adresse_de_retour(parametres.get("og", 0), parametres.get("parcours"))

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(grille.entetes)

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier, relève toutes les fautes, compare aux seuls ESMS de qui l'a déposé."""
        travail, par = contexte.travail, auteur(contexte)
        parametres = travail.parametres
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        correspondance = self.exiger_correspondance(travail)
        assert correspondance.og is not None  # `peut` l'a vérifié
        portee = lire_portee(correspondance.og, par=par, depuis=parametres.get("parcours"))
        complet = parametres.get("complet_au")
        with travail.fichier.open("rb") as fichier:
            plan = preparer(
                fichier,
                correspondance,
                portee,
                apercu,
                complet_au=date.fromisoformat(complet) if complet else None,
                temoin=compter(contexte, "ligne comparée,lignes comparées"),
            )

        def appliquer(contexte: Contexte) -> list[dict[str, str]]:
            ecrire(plan, continuer=contexte.continuer)
            touches = accorde(len(plan.touches), "ESMS a changé,ESMS ont changé")
            return suite(touches, self.retour(parametres), "Relire")

        yield FichierCompare(apercu, appliquer)


def adresse_de_retour(og: int, parcours: int | None) -> str:
    """La liste des professionnels de l'ESMS d'où l'on vient, sinon la page de l'organisme."""
    if not parcours:
        return reverse("programme:og-detail", args=[og])
    try:
        return reverse("formation:parcours-professionnels", args=[parcours])
    except NoReverseMatch:
        return reverse("programme:parcours-detail", args=[parcours])


inscrire_relie(ImportProfessionnels())
