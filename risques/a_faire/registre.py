"""Le registre à l'accueil : ce qui est inacceptable, et les risques à revoir."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from risques.enums import NiveauRisque
from risques.models import Risque
from risques.services import registre

INACCEPTABLES = f"niveau={NiveauRisque.INACCEPTABLE}"


def _page(risque: Risque) -> str:
    return reverse("risques:risque-detail", args=[risque.pk])


def _liste(criteres: str) -> str:
    return f"{reverse('risques:risque-liste')}?{criteres}"


@inscrire("risques_inacceptables")
def inacceptables(demande: Demande) -> Iterator[Ligne]:
    """À la direction pour ses ESMS ; au chef de projet pour ceux dont l'alerte n'est pas encore donnée au COMOP."""
    grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    diriges = [vu.parcours.pk for vu in parcours_vus(demande) if Role.DIRECTEUR in vu.roles]
    if not (grappes or diriges):
        return
    lus = registre.inacceptables(par=demande.utilisateur, grappes=grappes, parcours=diriges)
    if not lus:
        return
    seul = len(lus) == 1
    yield Ligne(
        titre="Traiter un risque inacceptable" if seul else f"Traiter {len(lus)} risques inacceptables",
        detail=f"{lus[0].cible} · avant d'aller plus loin" if seul else "avant d'aller plus loin",
        url=_page(lus[0]) if seul else _liste(INACCEPTABLES),
        # Rien ne passe devant, sauf une décision datée : au-delà de cinq, l'accueil ne montre plus.
        urgence=Urgence.DECIDER,
        texte=f"« {lus[0]} »" if seul else "",
        gestes=(Bouton("Voir le risque", _page(lus[0])),)
        if seul
        else (Bouton("Voir ces risques", _liste(INACCEPTABLES)),),
        liens=() if seul else tuple(Bouton(f"« {r} », {r.cible}", _page(r)) for r in lus),
    )


@inscrire("risques_a_revoir")
def a_revoir(demande: Demande) -> Iterator[Ligne]:
    """À qui le suit, tant qu'il le voit : la date de revue est passée."""
    dus = Risque.objects.visibles_par(demande.utilisateur).filter(proprietaire=demande.utilisateur)
    lus = list(dus.a_revoir(demande.au).pour_lecture().order_by("revue_le", "pk"))
    if not lus:
        return
    seul, premier = len(lus) == 1, lus[0]
    depuis = f"c'était pour le {date_courte(premier.revue_le)}" if premier.revue_le else ""
    reevaluer = reverse("risques:risque-modifier", args=[premier.pk])
    yield Ligne(
        titre="Revoir un risque" if seul else f"Revoir {len(lus)} risques",
        detail=f"{premier.cible} · {depuis}" if seul else depuis,
        url=_page(premier) if seul else _liste("revue=passee&proprietaire=moi"),
        urgence=Urgence.SUIVRE,
        echeance=premier.revue_le,
        texte=f"« {premier} »" if seul else "",
        gestes=(Bouton("Réévaluer ce risque", reevaluer), Bouton("Voir le risque", _page(premier))) if seul else (),
        liens=() if seul else tuple(Bouton(f"« {r} », {r.cible}", _page(r)) for r in lus),
    )
