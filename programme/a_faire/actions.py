"""Les actions à l'accueil : celles dont on est responsable, et, à qui conduit, celles dont personne n'est prévenu."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from programme.enums import Role
from programme.models import Action
from programme.models.actions import PAR_ECHEANCE
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte

PROCHE = timedelta(days=14)
UNE_A_UNE = 3
"""Au-delà, les actions se disent en une ligne : l'accueil ne montre que cinq gestes."""


def _page(action: Action) -> str:
    return reverse("programme:action-detail", args=[action.pk])


def _liste(**criteres: str) -> str:
    return f"{reverse('programme:action-liste')}?{'&'.join(f'{nom}={valeur}' for nom, valeur in criteres.items())}"


def confiees(demande: Demande) -> list[Action]:
    """Actions ouvertes dont cette personne est responsable et qu'elle voit encore ; la plus pressée d'abord."""

    def lire() -> list[Action]:
        siennes = Action.objects.ouvertes().filter(responsable=demande.utilisateur)
        return list(siennes.visibles_par(demande.utilisateur).pour_lecture().order_by(*PAR_ECHEANCE))

    return demande.une_fois("actions", lire)


def _quand(action: Action, demande: Demande) -> str:
    if not action.echeance:
        return "sans échéance"
    if action.est_en_retard(demande.au):
        return f"en retard : c'était pour le {date_courte(action.echeance)}"
    return f"pour le {date_courte(action.echeance)}"


@inscrire("actions")
def a_terminer(demande: Demande) -> Iterator[Ligne]:
    """En retard ou à terminer sous quinze jours : une ligne chacune s'il y en a peu. Le reste peut attendre."""
    limite = demande.au + PROCHE
    pressees = [a for a in confiees(demande) if a.echeance and a.echeance <= limite]
    retards = sum(a.est_en_retard(demande.au) for a in pressees)
    if len(pressees) > UNE_A_UNE:
        detail = f"dont {retards} en retard" if retards else "échéances sous quinze jours"
        titre = f"Terminer {len(pressees)} actions"
        yield _ensemble(titre, detail, pressees, demande, _urgence(pressees[0], demande))
    else:
        yield from (_une(a, demande) for a in pressees)
    plus_tard = [a for a in confiees(demande) if not a.echeance or a.echeance > limite]
    if len(plus_tard) == 1:
        yield _une(plus_tard[0], demande)
    elif plus_tard:
        detail = f"la première : {plus_tard[0]}, {_quand(plus_tard[0], demande)}"
        titre = f"Plus tard : {len(plus_tard)} actions vous sont confiées"
        yield _ensemble(titre, detail, plus_tard, demande, Urgence.PEUT_ATTENDRE)


def _urgence(action: Action, demande: Demande) -> Urgence:
    if action.est_en_retard(demande.au):
        return Urgence.REPONDRE
    proche = action.echeance is not None and action.echeance <= demande.au + PROCHE
    return Urgence.SUIVRE if proche else Urgence.PEUT_ATTENDRE


def _une(action: Action, demande: Demande) -> Ligne:
    faite = reverse("programme:passage", args=["action", action.pk, "terminer"])
    return Ligne(
        titre=f"Terminer : {action}",
        detail=f"{action.cible} · {_quand(action, demande)}",
        url=_page(action),
        urgence=_urgence(action, demande),
        echeance=action.echeance,
        gestes=(Bouton("Marquer faite", faite), Bouton("Voir l'action", _page(action))),
    )


def _ensemble(titre: str, detail: str, actions: list[Action], demande: Demande, urgence: Urgence) -> Ligne:
    return Ligne(
        titre=titre,
        detail=detail,
        url=_liste(responsable="moi"),
        urgence=urgence,
        echeance=actions[0].echeance,
        gestes=(Bouton("Voir mes actions", _liste(responsable="moi")),),
        liens=tuple(Bouton(f"{a}, {a.cible} : {_quand(a, demande)}", _page(a)) for a in actions),
    )


@inscrire("actions_sans_relais")
def sans_relais(demande: Demande) -> Iterator[Ligne]:
    """À qui conduit la grappe : les actions en retard dont Treille ne prévient personne."""
    grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    if not grappes:
        return
    lues = Action.objects.filter(grappe__in=grappes).en_retard(demande.au).sans_relais(demande.au)
    actions = list(lues.pour_lecture().order_by(*PAR_ECHEANCE))
    liens = tuple(Bouton(f"{a}, {a.cible} : {a.nom_du_responsable or 'à désigner'}", _page(a)) for a in actions)
    if liens:
        seule = len(liens) == 1
        yield Ligne(
            titre="Suivre une action en retard" if seule else f"Suivre {len(liens)} actions en retard",
            detail="Treille n'en prévient personne : aucun compte n'en répond",
            url=liens[0].url if seule else _liste(echeance="retard", responsable="personne"),
            urgence=Urgence.SUIVRE,
            echeance=actions[0].echeance,
            liens=liens,
        )
