"""Les visites d'étude à l'accueil : y répondre pour l'ESMS ; pour l'étude, choisir ensuite, programmer, dire faite."""

from collections.abc import Iterator

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from programme.enums import Role
from programme.permissions import affectes_sur
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde
from usages.enums import EtatVisite, RoleEtude
from usages.models import Equipier, TempsDeVisite, Visite
from usages.models.visites import VisiteQuerySet

REPONDENT = {Role.DIRECTEUR, Role.SIEGE}
NOMMES = 6
DE_COTE = (EtatVisite.REFUSEE, EtatVisite.ANNULEE)


def _ligne(titre: str, detail: str, visites: list[Visite], urgence: Urgence, geste: str, pages: list[str]) -> Ligne:
    seule = len(visites) == 1
    noms = [str(v.parcours) for v in visites]
    return Ligne(
        titre=titre,
        detail=detail,
        url=pages[0],
        urgence=urgence,
        gestes=(Bouton(geste, pages[0]),) if seule else (),
        liens=() if seule else tuple(Bouton(n, page) for n, page in zip(noms[:NOMMES], pages, strict=False)),
        noms=() if seule else tuple(noms),
    )


@inscrire("visites_a_repondre")
def a_repondre(demande: Demande) -> Iterator[Ligne]:
    """À la direction, au siège : une étude propose de venir. Une requête."""
    if not REPONDENT & set(demande.utilisateur.perimetre.roles):
        return
    proposees = Visite.objects.visibles_par(demande.utilisateur).filter(etat=EtatVisite.PROPOSEE)
    lues = proposees.pour_lecture().order_by("proposee_le", "pk")
    siennes = [v for v in lues if {a.role for a in affectes_sur(demande.utilisateur, v.parcours)} & REPONDENT]
    if not siennes:
        return
    seule = len(siennes) == 1
    yield _ligne(
        "Une visite proposée attend votre réponse" if seule else "Des visites proposées attendent votre réponse",
        f"{siennes[0].parcours} · « {siennes[0].etude} »" if seule else accorde(len(siennes), "ESMS"),
        siennes,
        Urgence.REPONDRE,
        "Lire et répondre",
        [reverse("usages:parcours-etudes", args=[v.parcours_id]) for v in siennes],
    )


def _du_pilote(demande: Demande) -> VisiteQuerySet:
    siennes = Equipier.objects.filter(etude=OuterRef("etude"), compte=demande.utilisateur.pk, role=RoleEtude.PILOTE)
    return Visite.objects.filter(Exists(siennes)).pour_lecture()


@inscrire("visites_a_remplacer")
def a_remplacer(demande: Demande) -> Iterator[Ligne]:
    """À qui pilote l'étude : un ESMS a refusé, rien n'a été proposé depuis. Une requête."""
    suivante = Visite.objects.filter(etude=OuterRef("etude"), pk__gt=OuterRef("pk")).exclude(etat__in=DE_COTE)
    laissees = _du_pilote(demande).filter(etat=EtatVisite.REFUSEE, etude__etat="en_cours")
    lues = list(laissees.exclude(Exists(suivante)).order_by("pk"))
    if not lues:
        return
    yield _ligne(
        "Choisir l'ESMS à visiter ensuite",
        f"{lues[0].parcours} a refusé la visite" if len(lues) == 1 else f"{len(lues)} ESMS ont refusé la visite",
        lues,
        Urgence.SUIVRE,
        "Choisir le suivant",
        [reverse("usages:etude-visites", args=[v.etude_id]) for v in lues],
    )


@inscrire("visites_a_programmer")
def a_programmer(demande: Demande) -> Iterator[Ligne]:
    """À qui pilote l'étude : la direction a accepté, le programme n'est pas écrit. Une requête."""
    jours = TempsDeVisite.objects.filter(visite=OuterRef("pk"))
    nues = _du_pilote(demande).filter(etat=EtatVisite.ACCEPTEE).exclude(Exists(jours))
    lues = list(nues.order_by("pk"))
    if not lues:
        return
    yield _ligne(
        "Écrire le programme de la visite" if len(lues) == 1 else "Écrire le programme des visites",
        f"{lues[0].parcours} a accepté" if len(lues) == 1 else f"{len(lues)} ESMS ont accepté",
        lues,
        Urgence.SUIVRE,
        "Ouvrir la visite",
        [reverse("usages:visite-detail", args=[v.pk]) for v in lues],
    )


@inscrire("visites_a_dire_faites")
def a_dire_faites(demande: Demande) -> Iterator[Ligne]:
    """À qui pilote l'étude : le dernier jour est passé, la visite n'est pas dite faite. Une requête."""
    acceptees = _du_pilote(demande).filter(etat=EtatVisite.ACCEPTEE)
    jours = TempsDeVisite.objects.filter(visite=OuterRef("pk"))
    passees = acceptees.filter(Exists(jours)).annotate(dernier=Max("temps__jour")).filter(dernier__lt=demande.au)
    lues = list(passees.order_by("dernier", "pk"))
    if not lues:
        return
    yield _ligne(
        "Dire la visite faite" if len(lues) == 1 else "Dire les visites faites",
        str(lues[0].parcours) if len(lues) == 1 else accorde(len(lues), "visite passée,visites passées"),
        lues,
        Urgence.SUIVRE,
        "Ouvrir la visite",
        [reverse("usages:visite-detail", args=[v.pk]) for v in lues],
    )
