"""Les équipes à l'accueil : dire qui se servira du DUI, former les arrivants. Des nombres, jamais de noms."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from formation.models import PlanFormation, Poste
from formation.models.couverture import exigences_des_postes
from formation.models.plan import DELAI_ARRIVANT
from formation.services.arrivants import RECUL
from formation.services.nombres_par_esms import Formes, formes_par_esms
from programme.a_faire.lecture import REPONDENT, Vu, lieu_de, parcours_vus
from programme.enums import EtatParcours
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde

SERVENT = (EtatParcours.PILOTE, EtatParcours.OUVERTURE, EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE)


def _geres(demande: Demande) -> list[Vu]:
    return [vu for vu in parcours_vus(demande) if vu.roles & REPONDENT]


@inscrire("utilisateurs_a_dire")
def a_dire(demande: Demande) -> Iterator[Ligne]:
    """En préparation, et personne de dit : ni formation, ni comptes à prévoir."""
    siens = [vu for vu in _geres(demande) if vu.parcours.etat == EtatParcours.PREPARATION]
    if not siens:
        return
    lus = formes_par_esms([vu.parcours.pk for vu in siens], demande.au)
    absents = [vu.parcours for vu in siens if not lus.get(vu.parcours.pk, Formes()).prevus]
    if not absents:
        return
    premier, seul = absents[0], len(absents) == 1
    pages = {p.pk: reverse("formation:parcours-professionnels", args=[p.pk]) for p in absents}
    yield Ligne(
        titre="Dire qui se servira du DUI",
        detail=lieu_de(premier) if seul else f"{len(absents)} ESMS en préparation",
        url=pages[premier.pk],
        urgence=Urgence.PEUT_ATTENDRE,
        texte="Le fichier des ressources humaines du siège suffit ; sinon, des nombres par métier, sans noms.",
        gestes=(Bouton("Les dire", pages[premier.pk]),) if seul else (),
        liens=() if seul else tuple(Bouton(lieu_de(p), pages[p.pk]) for p in absents),
    )


@inscrire("arrivants_a_former")
def arrivants(demande: Demande) -> Iterator[Ligne]:
    """Entrés dans l'année depuis plus longtemps que le délai de la grappe, pas encore formés : ceux de leur page."""
    vus = {vu.parcours.pk: vu for vu in _geres(demande) if vu.parcours.etat in SERVENT}
    if not vus:
        return
    grappes = {vu.parcours.grappe_id for vu in vus.values()}
    delais = dict(PlanFormation.objects.filter(grappe__in=grappes).values_list("grappe", "delai_arrivant"))
    recents = Poste.objects.arrives_depuis(demande.au - RECUL, demande.au).filter(parcours__in=list(vus))
    attendent = exigences_des_postes(recents, demande.au).filter(manque=True)
    par_entree = attendent.values("parcours", "debut").annotate(n=Count("professionnel", distinct=True))
    retards: dict[int, int] = {}
    for ligne in par_entree:
        delai = delais.get(vus[ligne["parcours"]].parcours.grappe_id, DELAI_ARRIVANT)
        if ligne["debut"] <= demande.au - timedelta(days=delai):
            retards[ligne["parcours"]] = retards.get(ligne["parcours"], 0) + ligne["n"]
    if retards:
        yield _en_retard([(vus[cle], n) for cle, n in retards.items()])


def _en_retard(retards: list[tuple[Vu, int]]) -> Ligne:
    total = sum(n for _, n in retards)
    pages = [(vu.parcours, n, reverse("formation:parcours-arrivants", args=[vu.parcours.pk])) for vu, n in retards]
    premier, _, page = pages[0]
    seul = len(pages) == 1
    return Ligne(
        titre=f"Former {accorde(total, 'arrivant,arrivants')}",
        detail=f"{lieu_de(premier)} · le délai est passé" if seul else f"{len(pages)} ESMS · le délai est passé",
        url=page,
        urgence=Urgence.SUIVRE,
        gestes=(Bouton("Voir les arrivants", page),) if seul else (),
        liens=() if seul else tuple(Bouton(f"{lieu_de(p)} : {accorde(n, 'personne')}", lien) for p, n, lien in pages),
    )
