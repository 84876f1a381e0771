"""Les droits d'accès à l'accueil : à valider, à préparer, à revoir ; les comptes encore actifs de personnes parties."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse

from formation.enums import EtatMatrice
from formation.models import CompteDui, Matrice, Poste
from formation.services.nombres_par_esms import droits_par_esms
from programme.a_faire.lecture import REPONDENT, Vu, lieu_de, parcours_vus
from programme.enums import EtatParcours, Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde

PREPARENT = (EtatParcours.PREPARATION, EtatParcours.PILOTE)


def _page(vu: Vu) -> str:
    return reverse("formation:parcours-habilitations", args=[vu.parcours.pk])


def _geres(demande: Demande) -> list[Vu]:
    """Les ESMS en cours que cette personne gère."""
    return [vu for vu in parcours_vus(demande) if vu.roles & REPONDENT]


def _matrices(demande: Demande) -> dict[int, Matrice]:
    cles = [vu.parcours.pk for vu in _geres(demande)]

    def lire() -> dict[int, Matrice]:
        return {cle: lus.matrice for cle, lus in droits_par_esms(cles).items()} if cles else {}

    return demande.une_fois("matrices", lire)


def _ligne(titre: str, detail: str, vus: list[Vu], urgence: Urgence, geste: str, **champs: Any) -> Ligne:
    """Une ligne pour un ESMS, ou pour plusieurs, chacun avec son lien."""
    premier, seul = vus[0], len(vus) == 1
    return Ligne(
        titre=titre,
        detail=lieu_de(premier.parcours) if seul else detail,
        url=_page(premier),
        urgence=urgence,
        gestes=(Bouton(geste, _page(premier)),) if seul else (),
        liens=() if seul else tuple(Bouton(lieu_de(vu.parcours), _page(vu)) for vu in vus),
        **champs,
    )


@inscrire("matrices_a_valider")
def a_valider(demande: Demande) -> Iterator[Ligne]:
    """À la direction : les droits d'accès qu'on lui soumet."""
    matrices = _matrices(demande)
    soumises = [
        vu
        for vu in _geres(demande)
        if Role.DIRECTEUR in vu.roles and (m := matrices.get(vu.parcours.pk)) and m.etat == EtatMatrice.SOUMISE
    ]
    if soumises:
        yield _ligne(
            "Valider les droits d'accès au DUI",
            f"{len(soumises)} ESMS attendent votre accord",
            soumises,
            Urgence.DECIDER,
            "Lire et valider",
        )


@inscrire("matrices_a_preparer")
def a_preparer(demande: Demande) -> Iterator[Ligne]:
    """En préparation, sans droits d'accès commencés : rien n'ouvrira sans eux."""
    matrices = _matrices(demande)
    absents = [vu for vu in _geres(demande) if vu.parcours.etat in PREPARENT and vu.parcours.pk not in matrices]
    if absents:
        yield _ligne(
            "Préparer les droits d'accès au DUI",
            f"{len(absents)} ESMS en préparation",
            absents,
            Urgence.PEUT_ATTENDRE,
            "Partir du modèle",
            texte="La matrice part du modèle de la grappe : il reste à dire ce qui diffère chez vous.",
        )


@inscrire("matrices_a_revoir")
def a_revoir(demande: Demande) -> Iterator[Ligne]:
    """Validées depuis longtemps : les métiers ont bougé."""
    matrices = _matrices(demande)
    passees = [
        vu
        for vu in _geres(demande)
        if (m := matrices.get(vu.parcours.pk))
        and m.etat == EtatMatrice.VALIDEE
        and m.revue_prevue_le
        and m.revue_prevue_le <= demande.au
    ]
    if passees:
        yield _ligne(
            "Revoir les droits d'accès au DUI",
            f"{len(passees)} ESMS, la date de revue est passée",
            passees,
            Urgence.PEUT_ATTENDRE,
            "Revoir",
        )


@inscrire("comptes_de_partis")
def comptes_de_partis(demande: Demande) -> Iterator[Ligne]:
    """À qui gère l'ESMS : des comptes encore actifs de personnes qui n'y travaillent plus. Des nombres, pas de noms."""
    vus = {vu.parcours.pk: vu for vu in _geres(demande)}
    if not vus:
        return
    actifs = CompteDui.objects.actifs().filter(parcours__in=list(vus), professionnel__isnull=False)
    restent = Poste.objects.en_poste(demande.au).filter(parcours__in=list(vus))
    partis = actifs.exclude(professionnel__postes__in=restent).order_by()
    comptes = dict(partis.values("parcours").annotate(n=Count("pk")).values_list("parcours", "n"))
    for cle, nombre in comptes.items():
        lien = reverse("formation:parcours-comptes", args=[cle])
        yield Ligne(
            titre=f"Faire fermer {accorde(nombre, 'compte du DUI,comptes du DUI')}",
            detail=f"{lieu_de(vus[cle].parcours)} · des personnes parties s'y connectent encore",
            url=lien,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Voir les comptes", lien),),
        )
