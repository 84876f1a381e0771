"""Les éditeurs à l'accueil : relancer qui ne répond pas, dire faite une montée de version dont le jour est passé."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from programme.a_faire.lecture import REPONDENT, lieu_de, parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte, il_y_a
from programme.socle.nombres import accorde
from usages.models import DemandeEditeur, MonteeDeVersion

ATTENTE = timedelta(days=30)
"""Un mois sans réponse : on relance ; valeur du produit."""
NOMMEES = 6


@inscrire("editeurs_a_relancer")
def a_relancer(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet et à l'équipe d'appui : les demandes sans réponse depuis un mois, en une ligne. Une requête."""
    perimetre = demande.utilisateur.perimetre
    suivies = perimetre.seul(Role.CHEF_PROJET).grappes | perimetre.seul(Role.APPUI).grappes
    if not suivies:
        return
    anciennes = DemandeEditeur.objects.en_attente().filter(grappe__in=suivies, envoyee_le__lt=demande.au - ATTENTE)
    lues = list(anciennes.select_related("editeur", "grappe").order_by("envoyee_le", "pk"))
    if not lues:
        return
    premiere, seule = lues[0], len(lues) == 1
    pages = [reverse("usages:demandeediteur-detail", args=[d.pk]) for d in lues[:NOMMEES]]
    yield Ligne(
        titre="Relancer l'éditeur" if seule else "Relancer les éditeurs",
        detail=f"« {premiere} », {premiere.editeur}, {il_y_a(premiere.envoyee_le, demande.au)}"
        if seule
        else accorde(
            len(lues), "demande sans réponse depuis plus d'un mois,demandes sans réponse depuis plus d'un mois"
        ),
        url=pages[0] if seule else reverse("usages:demandeediteur-liste"),
        urgence=Urgence.SUIVRE,
        gestes=(Bouton("Voir la demande", pages[0]),) if seule else (),
        liens=()
        if seule
        else tuple(Bouton(f"« {d} », {d.editeur}", page) for d, page in zip(lues, pages, strict=False)),
    )


@inscrire("montees_a_dire")
def montees(demande: Demande) -> Iterator[Ligne]:
    """À qui répond pour l'ESMS : une montée de version dont le jour est passé s'est-elle faite ? Une requête."""
    siens = {vu.parcours.pk: vu.parcours for vu in parcours_vus(demande) if vu.roles & REPONDENT}
    if not siens:
        return
    passees = MonteeDeVersion.objects.filter(
        parcours__in=list(siens), faite_le__isnull=True, prevue_le__lt=demande.au
    ).select_related("version__solution")
    lues = list(passees.order_by("prevue_le", "pk"))
    if not lues:
        return
    premiere, seule = lues[0], len(lues) == 1
    pages = [reverse("usages:montee-modifier", args=[m.pk]) for m in lues[:NOMMEES]]
    mots = [f"{m.version}, {lieu_de(siens[m.parcours_id])}" for m in lues[:NOMMEES]]
    yield Ligne(
        titre="Dire si la montée de version s'est faite",
        detail=f"{mots[0]}, prévue le {date_courte(premiere.prevue_le)}"
        if seule
        else accorde(len(lues), "montée de version,montées de version"),
        url=pages[0] if seule else reverse("usages:parcours-versions", args=[premiere.parcours_id]),
        urgence=Urgence.PEUT_ATTENDRE,
        echeance=premiere.prevue_le,
        gestes=(Bouton("Le dire", pages[0]),) if seule else (),
        liens=() if seule else tuple(Bouton(mot, page) for mot, page in zip(mots, pages, strict=True)),
    )
