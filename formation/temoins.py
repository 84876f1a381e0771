"""Ce que la formation constate pour deux chantiers : droits d'accès et comptes ; personnes connues et formées.

Un constat se lit par tous ceux qui suivent l'ESMS : il tait les petits effectifs, même à qui les connaît.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from formation.services.nombres_par_esms import (
    Formes,
    connexions_par_esms,
    droits_par_esms,
    formes_par_esms,
    seuil_de,
    seuils_par_grappe,
)
from programme.calculs.masquage import SEUIL, est_petit
from programme.chantiers import Avancee, Constat, Lot, inscrire
from programme.enums import Chantier
from programme.models import Parcours
from programme.socle.nombres import accorde, pourcentage

A, C = Avancee, Chantier


def _page(route: str, p: Parcours) -> str:
    return reverse(f"formation:{route}", args=[p.pk])


def _formes(lot: Lot) -> dict[int, Formes]:
    return lot.une_fois("formes", lambda: formes_par_esms(list(lot.parcours), timezone.localdate()))


def droits(lot: Lot) -> Mapping[int, Constat]:
    """La matrice de l'ESMS : pas commencée, en cours, validée."""
    lus = droits_par_esms(lot.parcours)

    def constater(p: Any) -> Constat:
        droits_lus, lien = lus.get(p.pk), _page("parcours-habilitations", p)
        if droits_lus is None:
            return Constat("Droits d'accès au DUI", A.RIEN, "pas commencés", lien, "Les préparer")
        etat = str(droits_lus.matrice.get_etat_display()).lower()
        avancee = A.FAITE if droits_lus.fait_foi else A.COMMENCEE
        return Constat("Droits d'accès au DUI", avancee, etat, lien, "Voir les droits d'accès")

    return {cle: constater(p) for cle, p in lot.parcours.items()}


def connexions(lot: Lot) -> Mapping[int, Constat]:
    """Chacun a son compte et s'est connecté, unité par unité."""

    def constater(p: Any, faites: int, toutes: int) -> Constat:
        avancee = A.RIEN if not faites else A.FAITE if faites == toutes else A.COMMENCEE
        detail = f"{accorde(faites, 'unité vérifiée,unités vérifiées')} sur {toutes}"
        return Constat("Comptes et connexions", avancee, detail, _page("parcours-comptes", p), "Voir les comptes")

    lues = connexions_par_esms(lot.parcours)
    return {cle: constater(lot.parcours[cle], *compte) for cle, compte in lues.items()}


def prevus(lot: Lot) -> Mapping[int, Constat]:
    """Qui se servira du DUI : sans eux, rien ne se compte."""

    def constater(p: Any) -> Constat:
        nombre = _formes(lot).get(p.pk, Formes()).prevus
        detail = accorde(nombre, "personne en poste,personnes en poste") if nombre else "personne encore"
        detail = f"moins de {SEUIL} personnes en poste" if est_petit(nombre) else detail
        lien = _page("parcours-formation", p)
        return Constat("Utilisateurs prévus", A.FAITE if nombre else A.RIEN, detail, lien, "Les dire")

    return {cle: constater(p) for cle, p in lot.parcours.items()}


def couverture(lot: Lot) -> Mapping[int, Constat]:
    """Part des personnes en poste formées à leur socle, face à ce que demande la grappe."""
    seuils = lot.une_fois("seuils", lambda: seuils_par_grappe({p.grappe_id for p in lot.parcours.values()}))

    def constater(p: Any, formes: Formes) -> Constat | None:
        if formes.taux is None:
            return None
        seuil = seuil_de(p, seuils)
        atteint = formes.taux * 100 >= seuil
        avancee = A.FAITE if atteint else A.COMMENCEE if formes.formes else A.RIEN
        detail = f"{pourcentage(formes.taux)} / {pourcentage(seuil / 100)}"
        if est_petit(formes.en_poste):
            detail = f"moins de {SEUIL} personnes : {'au seuil' if atteint else 'sous le seuil'}"
        return Constat("Couverture de formation", avancee, detail, _page("parcours-formation", p), "Voir la formation")

    lus = {cle: constater(p, _formes(lot).get(cle, Formes())) for cle, p in lot.parcours.items()}
    return {cle: constat for cle, constat in lus.items() if constat}


inscrire("droits_acces", C.DROITS, droits)
inscrire("connexions", C.DROITS, connexions)
inscrire("utilisateurs_prevus", C.FORMATION, prevus)
inscrire("couverture", C.FORMATION, couverture)
