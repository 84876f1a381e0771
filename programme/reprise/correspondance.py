"""Une correspondance : proposée d'après le classeur, puis contrôlée avant qu'on lise la moindre ligne. Module pur."""

from typing import Any

from programme.reprise.mots import (
    COLONNES,
    DATES_REELLES,
    ETAT,
    FINESS,
    REMARQUE,
    mots_rencontres,
    proposer_colonnes,
    proposer_valeurs,
)
from programme.socle.grilles import Grille, Lecture
from programme.socle.texte import normaliser

SANS_FINESS = "Reliez la colonne du numéro FINESS : c'est lui qui désigne l'ESMS."
SANS_ETAT = "Reliez la colonne de l'état, ou au moins une date d'étape : sans elles, rien ne dit où en est l'ESMS."
COLONNE_PARTIE = "La colonne « {} » est reliée, mais la feuille ne l'a pas : vérifiez la feuille et la ligne d'en-tête."
COLONNE_INCONNUE = "La colonne « {} » est reliée à « {} », que Treille ne connaît pas : reliez-la de nouveau."
DEUX_COLONNES = "« {} » est relié à deux colonnes ({}) : n'en gardez qu'une."
INTITULE_DOUBLE = "L'intitulé « {} » est là plusieurs fois ({}) : donnez-leur des noms différents dans votre classeur."
PERSONNE_A_MOITIE = "Pour {}, reliez le nom et le courriel, ou aucun des deux."
ISSUE_SEULE = "L'issue de la {} est reliée sans sa date : reliez les deux, ou seulement la date."

_PERSONNES = {"directeur": "la direction", "referent": "le référent local"}
_VERIFICATIONS = {"va": "VA", "vsr": "VSR"}


def proposer_correspondance(grille: Grille, lecture: Lecture) -> dict[str, Any]:
    """La correspondance que Treille devine : ce qui est clair est relié, le reste vaut None, à choisir."""
    colonnes = {normaliser(grille.entetes[r]): code for r, code in proposer_colonnes(grille.entetes, grille).items()}
    rencontres = mots_rencontres(grille, colonnes)
    valeurs = {code: proposer_valeurs(code, mots) for code, mots in rencontres.items()}
    return {"lecture": lecture.en_json(), "colonnes": colonnes, "valeurs": valeurs}


def controler_correspondance(grille: Grille, correspondance: dict[str, Any]) -> list[str]:
    """Ce qui empêche de lire toute la feuille, en phrases ; vide si l'on peut appeler `lire_lignes`."""
    reliees: dict[str, str] = {i: code for i, code in correspondance.get("colonnes", {}).items() if code}
    presentes = {normaliser(entete): entete for entete in grille.entetes if entete}
    par_code: dict[str, list[str]] = {}
    fautes = list(grille.fautes)
    for intitule, code in reliees.items():
        if code not in COLONNES:
            fautes.append(COLONNE_INCONNUE.format(presentes.get(intitule, intitule), code))
        elif intitule not in presentes:
            fautes.append(COLONNE_PARTIE.format(intitule))
        else:
            par_code.setdefault(code, []).append(presentes[intitule])
            if intitule in grille.doubles and code != REMARQUE:
                fautes.append(INTITULE_DOUBLE.format(presentes[intitule], ", ".join(grille.doubles[intitule])))
    for code, noms in par_code.items():
        if len(noms) > 1 and code != REMARQUE:
            fautes.append(DEUX_COLONNES.format(COLONNES[code].libelle, ", ".join(f"« {nom} »" for nom in noms)))
    return fautes + _manques(set(par_code))


def _manques(codes: set[str]) -> list[str]:
    fautes = [] if FINESS in codes else [SANS_FINESS]
    if not codes & {ETAT, *DATES_REELLES.values()}:
        fautes.append(SANS_ETAT)
    for personne, nom in _PERSONNES.items():
        if len(codes & {f"{personne}_nom", f"{personne}_courriel"}) == 1:
            fautes.append(PERSONNE_A_MOITIE.format(nom))
    for sigle, libelle in _VERIFICATIONS.items():
        if f"{sigle}_issue" in codes and f"{sigle}_date" not in codes:
            fautes.append(ISSUE_SEULE.format(libelle))
    return fautes
