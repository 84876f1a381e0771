"""Les monographies à l'accueil : relire et valider, traiter les remarques, publier ce qui est validé."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse

from programme.a_faire.lecture import lieu_de
from programme.enums import Role
from programme.models import Parcours
from programme.permissions import affectes_sur
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde
from usages.enums import EtatEtude, EtatMonographie, RoleEtude
from usages.models import Commentaire, Equipier, Monographie

NOMMEES = 6
ECRIVENT = (RoleEtude.PILOTE, RoleEtude.AUTEUR)


def _page(monographie: Any) -> str:
    return reverse("usages:monographie-detail", args=[monographie.pk])


def _ligne(titre: str, detail: str, monographies: list[Any], urgence: Urgence, geste: str) -> Ligne:
    pages = [_page(m) for m in monographies]
    seule = len(pages) == 1
    noms = [lieu_de(m.parcours) for m in monographies]
    return Ligne(
        titre=titre,
        detail=detail,
        url=pages[0],
        urgence=urgence,
        gestes=(Bouton(geste, pages[0]),) if seule else (),
        liens=() if seule else tuple(Bouton(nom, page) for nom, page in zip(noms[:NOMMEES], pages, strict=False)),
        noms=() if seule else tuple(noms),
    )


def _siennes(demande: Demande, roles: tuple[str, ...]) -> Any:
    """Celles des études où il tient l'un de ces rôles, non closes."""
    etudes = Equipier.objects.filter(compte=demande.utilisateur.pk, role__in=roles).order_by().values("etude")
    ouvertes = Monographie.objects.filter(visite__etude__in=etudes).exclude(visite__etude__etat=EtatEtude.CLOSE)
    return ouvertes.pour_lecture().order_by("pk")


@inscrire("monographies_a_relire")
def a_relire(demande: Demande) -> Iterator[Ligne]:
    """À la direction d'un ESMS : une monographie attend sa relecture. Une requête, s'il dirige."""
    if Role.DIRECTEUR not in demande.utilisateur.perimetre.roles:
        return
    lisibles = Parcours.objects.lisibles_par(demande.utilisateur).order_by().values("pk")
    attendent = Monographie.objects.filter(etat=EtatMonographie.RELECTURE, visite__parcours__in=lisibles)
    siennes = [
        m
        for m in attendent.pour_lecture().order_by("pk")
        if any(a.role == Role.DIRECTEUR for a in affectes_sur(demande.utilisateur, m.parcours))
    ]
    if siennes:
        une = len(siennes) == 1
        yield _ligne(
            "Une monographie attend votre relecture" if une else "Des monographies attendent votre relecture",
            f"{lieu_de(siennes[0].parcours)} · la lire, la commenter, la valider ou demander des corrections"
            if une
            else "Les lire, les commenter, les valider ou demander des corrections",
            siennes,
            Urgence.DECIDER,
            "Lire et décider",
        )


@inscrire("monographies_remarques")
def a_traiter(demande: Demande) -> Iterator[Ligne]:
    """À l'équipe qui écrit : des remarques de relecture ne sont pas réglées. Deux requêtes."""
    ouvertes = Commentaire.objects.filter(resolu_le__isnull=True).exclude(ecrit_par=demande.utilisateur.pk)
    comptes = dict(
        ouvertes.filter(section__monographie__in=_siennes(demande, ECRIVENT).order_by().values("pk"))
        .order_by()
        .values_list("section__monographie")
        .annotate(nombre=Count("pk"))
    )
    if comptes:
        total = sum(comptes.values())
        lues = list(_siennes(demande, ECRIVENT).filter(pk__in=comptes))
        dit = accorde(total, "remarque n'est pas réglée,remarques ne sont pas réglées")
        detail = f"{lieu_de(lues[0].parcours)} · {dit}" if len(lues) == 1 else f"{dit}, dans {len(lues)} monographies"
        yield _ligne("Répondre aux remarques de relecture", detail, lues, Urgence.REPONDRE, "Voir les remarques")


@inscrire("monographies_a_publier")
def a_publier(demande: Demande) -> Iterator[Ligne]:
    """À qui pilote l'étude : la direction a validé. Une requête."""
    validees = list(_siennes(demande, (RoleEtude.PILOTE,)).filter(etat=EtatMonographie.VALIDEE))
    if validees:
        une = len(validees) == 1
        detail = lieu_de(validees[0].parcours) if une else f"{len(validees)} monographies sont validées"
        yield _ligne("Publier une monographie validée", detail, validees, Urgence.SUIVRE, "Voir et publier")
