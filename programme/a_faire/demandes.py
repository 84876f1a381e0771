"""Les demandes de paramétrage à l'accueil : celles dont la suite est attendue de cette personne."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import AttenteDemande, EtatParcours, Role
from programme.models import DemandeParametrage
from programme.models.demandes import DemandeParametrageQuerySet
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde


def _page(demandee: DemandeParametrage) -> str:
    return reverse("programme:demandeparametrage-detail", args=[demandee.pk])


@inscrire("demandes_parametrage")
def a_suivre(demande: Demande) -> Iterator[Ligne]:
    """À qui conduit la grappe, ce qui attend le chef de projet ; à la direction, ce qui attend la direction."""
    ouvertes = DemandeParametrage.objects.ouvertes().exclude(parcours__etat=EtatParcours.SORTI)
    if grappes := demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes:
        yield from _ligne(demande, ouvertes.filter(parcours__grappe__in=grappes), AttenteDemande.PROJET)
    if Role.DIRECTEUR in demande.utilisateur.perimetre.roles:
        siens = [vu.parcours.pk for vu in parcours_vus(demande) if Role.DIRECTEUR in vu.roles]
        yield from _ligne(demande, ouvertes.filter(parcours__in=siens), AttenteDemande.DIRECTION)


def _ligne(demande: Demande, ouvertes: DemandeParametrageQuerySet, attente: str) -> Iterator[Ligne]:
    attendues = list(ouvertes.filter(attente=attente).pour_lecture().order_by("ouverte_le", "pk"))
    if not attendues:
        return
    premiere, seule = attendues[0], len(attendues) == 1
    depuis = accorde(premiere.delai(demande.au), "jour")
    liste = f"{reverse('programme:demandeparametrage-liste')}?attente={attente}"
    combien = "une demande" if seule else f"{len(attendues)} demandes"
    yield Ligne(
        titre=f"Répondre à {combien} de paramétrage",
        detail=f"{lieu_de(premiere.parcours)} · faite il y a {depuis}" if seule else f"la plus ancienne a {depuis}",
        url=_page(premiere) if seule else liste,
        urgence=Urgence.SUIVRE,
        texte=f"« {premiere} »" if seule else "",
        gestes=(Bouton("Voir la demande", _page(premiere)) if seule else Bouton("Voir les demandes", liste),),
        liens=() if seule else tuple(Bouton(f"« {d} », {lieu_de(d.parcours)}", _page(d)) for d in attendues),
    )
