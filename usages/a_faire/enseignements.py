"""Les enseignements du pilote à l'accueil : les lire avant d'ouvrir, les écrire quand un pilote a ouvert."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import REPONDENT, Vu, lieu_de, parcours_vus
from programme.enums import EtatParcours, Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde
from usages.models import Enseignement

ONT_OUVERT = (EtatParcours.PILOTE, EtatParcours.OUVERTURE)
NOMMES = 6


def _page(vu: Vu) -> str:
    return reverse("usages:parcours-enseignements", args=[vu.parcours.pk])


def _ligne(titre: str, detail: str, vus: list[Vu], urgence: Urgence, geste: str, pages: list[str]) -> Ligne:
    seul = len(vus) == 1
    noms = [lieu_de(vu.parcours) for vu in vus]
    return Ligne(
        titre=titre,
        detail=detail,
        url=pages[0],
        urgence=urgence,
        gestes=(Bouton(geste, pages[0]),) if seul else (),
        liens=() if seul else tuple(Bouton(nom, page) for nom, page in zip(noms[:NOMMES], pages, strict=False)),
        noms=() if seul else tuple(noms),
    )


@inscrire("enseignements_a_lire")
def a_lire(demande: Demande) -> Iterator[Ligne]:
    """À qui répond pour l'ESMS : ce que le pilote a appris se lit avant d'ouvrir. Aucune requête de plus."""
    vus = [vu for vu in parcours_vus(demande) if vu.roles & REPONDENT and "lecture" in vu.manques]
    if not vus:
        return
    constat = vus[0].manques["lecture"]
    reste = int(constat.seuil - constat.valeur)
    barre = any("a_regler" in vu.manques and vu.manques["a_regler"].barre for vu in vus)
    seul = f"{lieu_de(vus[0].parcours)} · {accorde(reste, 'à lire,à lire')}"
    yield _ligne(
        "Lire les enseignements du pilote",
        (seul if len(vus) == 1 else f"Demandé par {len(vus)} ESMS")
        + (" · une chose est à régler avant d'ouvrir" if barre else ""),
        vus,
        Urgence.REPONDRE if barre else Urgence.SUIVRE,
        "Lire",
        [_page(vu) for vu in vus],
    )


@inscrire("enseignements_a_ecrire")
def a_ecrire(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet : un pilote a ouvert, et rien n'en est écrit pour les suivants. Une requête."""
    pilotes = [
        vu
        for vu in parcours_vus(demande)
        if Role.CHEF_PROJET in vu.roles and vu.parcours.est_pilote and vu.parcours.etat in ONT_OUVERT
    ]
    if not pilotes:
        return
    ecrits = Enseignement.objects.filter(pilote__in=[vu.parcours.pk for vu in pilotes]).order_by()
    deja = set(ecrits.values_list("pilote", flat=True))
    if muets := [vu for vu in pilotes if vu.parcours.pk not in deja]:
        creer = "usages:enseignement-creer"
        yield _ligne(
            "Écrire ce que le site pilote a appris"
            if len(muets) == 1
            else "Écrire ce que les sites pilotes ont appris",
            f"{lieu_de(muets[0].parcours)} a ouvert, rien n'est encore écrit pour les suivants"
            if len(muets) == 1
            else f"{len(muets)} pilotes ont ouvert, rien n'est encore écrit pour les suivants",
            muets,
            Urgence.SUIVRE,
            "Écrire un enseignement",
            [f"{reverse(creer, args=[vu.parcours.grappe_id])}?pilote={vu.parcours.pk}" for vu in muets],
        )
