"""Qui tient quel rôle, où, et jusqu'à quand : affecter, clore, déléguer, inviter."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from programme.conditions import directions_de
from programme.enums import Portee, Role, Titre
from programme.models import (
    Affectation,
    Esms,
    Grappe,
    Groupe,
    Invitation,
    OrganismeGestionnaire,
    Parcours,
    Region,
    Utilisateur,
)
from programme.perimetre import ROLES_PAR_PORTEE
from programme.permissions import peut_affecter, peut_clore, peut_deleguer
from programme.services.controles import exiger, signer, valider
from programme.services.invitations import Adresse, emettre, lire_invitation, ouvrir_compte
from programme.socle.erreurs import Refus

__all__ = [
    "Adresse",
    "Cible",
    "affecter",
    "clore",
    "deleguer",
    "inviter",
    "lire_invitation",
    "ouvrir_compte",
    "portee_de",
    "renouveler",
    "sieges_vacants",
]

Cible = Esms | Grappe | Groupe | OrganismeGestionnaire | Region | None

_PORTEES: dict[type[Any], Portee] = {
    Region: Portee.REGION,
    Grappe: Portee.GRAPPE,
    OrganismeGestionnaire: Portee.OG,
    Groupe: Portee.GROUPE,
    Esms: Portee.ESMS,
}


def portee_de(cible: Cible) -> Portee:
    """Étendue que désigne un objet ; rien : le national."""
    return Portee.NATIONAL if cible is None else _PORTEES[type(cible)]


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


@transaction.atomic
def affecter(
    *,
    utilisateur: Utilisateur,
    role: str,
    cible: Cible,
    du: date,
    par: Utilisateur,
    au: date | None = None,
    titre: str = Titre.TITULAIRE,
    motif: str = "",
    delegue_par: Utilisateur | None = None,
) -> Affectation:
    """Confie `role` sur `cible` (None : national) du… au… (bornes comprises).

    Une délégation a toujours une fin et vient de qui dirige l'ESMS. Lève `Refus` (droit, champ) sans rien écrire.
    """
    portee = portee_de(cible)
    if titre == Titre.DELEGATION and isinstance(cible, Esms):
        exiger(peut_deleguer(par, cible))
    else:
        exiger(peut_affecter(par, role, cible))
    _verifier(utilisateur, role, portee, par, titre, au)
    affectation = Affectation(
        utilisateur=utilisateur,
        role=role,
        titre=titre,
        portee=portee,
        du=du,
        au=au,
        motif=motif,
        delegue_par=delegue_par,
        **({portee.value: cible} if cible is not None else {}),
    )
    if au and au < du:
        raise _refuser("au", "La fin ne peut pas précéder le début : corrigez l'une des deux dates.")
    valider(affectation)
    _exiger_sans_doublon(affectation)
    signer(affectation, par)
    affectation.save()
    utilisateur.__dict__.pop("perimetre", None)
    return affectation


def _verifier(
    utilisateur: Utilisateur, role: str, portee: Portee, par: Utilisateur, titre: str, au: date | None
) -> None:
    if role not in ROLES_PAR_PORTEE[portee]:
        possibles = ", ".join(Role(r).label.lower() for r in ROLES_PAR_PORTEE[portee])
        raise _refuser("role", f"À l'échelle « {portee.label} », on confie : {possibles}.")
    if utilisateur == par:
        raise _refuser("identifiant", "On ne se nomme pas soi-même : demandez-le au siège ou à l'administrateur.")
    if not utilisateur.is_active:
        raise _refuser("identifiant", f"Le compte de {utilisateur.nom} est fermé : l'administrateur peut le rouvrir.")
    if titre == Titre.DELEGATION and (role != Role.DIRECTEUR or portee != Portee.ESMS):
        raise _refuser("titre", "Seule la direction d'un ESMS se délègue ; ailleurs, nommez un titulaire.")
    if titre == Titre.DELEGATION and au is None:
        raise _refuser("au", "Une délégation a toujours une fin : donnez sa date.")


def _exiger_sans_doublon(affectation: Affectation) -> None:
    portee = Portee(affectation.portee)
    memes = Affectation.objects.filter(
        Q(au__isnull=True) | Q(au__gte=affectation.du),
        utilisateur=affectation.utilisateur,
        role=affectation.role,
        portee=portee,
        **({portee.value: affectation.cible} if affectation.cible is not None else {}),
    )
    if affectation.au:
        memes = memes.filter(du__lte=affectation.au)
    if deja := memes.first():
        fin = f"au {deja.au:%d/%m/%Y}" if deja.au else "sans date de fin"
        texte = f"{affectation.utilisateur.nom} tient déjà ce rôle ici, du {deja.du:%d/%m/%Y} {fin}."
        raise _refuser("du", f"{texte} Changez les dates, ou mettez d'abord fin à cette affectation.")


@transaction.atomic
def clore(*, affectation: Affectation, au: date, par: Utilisateur) -> Affectation:
    """Met fin à une affectation ; `au` est son dernier jour, qui peut être passé mais pas avant le début."""
    exiger(peut_clore(par, affectation))
    if au < affectation.du:
        raise _refuser("au", f"Elle commence le {affectation.du:%d/%m/%Y} : son dernier jour ne peut pas être avant.")
    if affectation.au and au > affectation.au:
        raise _refuser("au", f"Elle finit déjà le {affectation.au:%d/%m/%Y} : pour la prolonger, donnez-en une autre.")
    affectation.au = au
    signer(affectation, par)
    affectation.save(update_fields=["au"])
    affectation.utilisateur.__dict__.pop("perimetre", None)
    return affectation


def deleguer(*, esms: Esms, a: Utilisateur, du: date, au: date | None, par: Utilisateur, motif: str) -> Affectation:
    """Délègue la direction d'un ESMS, du… au… : le délégué décide comme le directeur, entre ces dates seulement."""
    return affecter(
        utilisateur=a,
        role=Role.DIRECTEUR,
        cible=esms,
        du=du,
        au=au,
        titre=Titre.DELEGATION,
        par=par,
        motif=motif,
        delegue_par=par,
    )


@transaction.atomic
def inviter(
    *,
    identifiant: str,
    nom: str,
    courriel: str,
    role: str,
    cible: Cible,
    du: date,
    par: Utilisateur,
    au: date | None = None,
    titre: str = Titre.TITULAIRE,
    motif: str = "",
    adresse: Adresse | None = None,
) -> tuple[Invitation, str]:
    """Crée un compte sans mot de passe, lui confie son rôle et rend le lien à usage unique (jeton en clair, une fois).

    Avec `adresse` (du jeton à l'adresse complète), le courriel part. Lève `Refus` (droit, champ) sans rien écrire.
    """
    if Utilisateur.objects.filter(identifiant__iexact=identifiant.strip()).exists():
        raise _refuser("identifiant", f"L'identifiant « {identifiant} » est pris : choisissez-en un autre.")
    utilisateur = Utilisateur(identifiant=identifiant.strip(), nom=nom.strip(), courriel=courriel.strip())
    utilisateur.set_unusable_password()
    valider(utilisateur)
    utilisateur.save()
    delegue_par = par if titre == Titre.DELEGATION else None
    affecter(
        utilisateur=utilisateur,
        role=role,
        cible=cible,
        du=du,
        au=au,
        titre=titre,
        par=par,
        motif=motif,
        delegue_par=delegue_par,
    )
    return emettre(utilisateur=utilisateur, par=par, adresse=adresse)


@transaction.atomic
def renouveler(*, affectation: Affectation, par: Utilisateur, adresse: Adresse | None = None) -> tuple[Invitation, str]:
    """Refait un lien pour un compte qui n'a jamais été ouvert ; l'ancien ne vaut plus.

    Le lien ouvre tout ce que tient le compte : il faut pouvoir en répondre partout, pas seulement ici.
    """
    compte = Utilisateur.objects.select_for_update(of=("self",)).get(pk=affectation.utilisateur_id)
    for tenue in compte.affectations.all():
        exiger(peut_clore(par, tenue))
    if compte.has_usable_password():
        raise _refuser("identifiant", f"{compte.nom} a déjà ouvert son compte : « Mot de passe oublié » suffit.")
    return emettre(utilisateur=compte, par=par, adresse=adresse)


def sieges_vacants(utilisateur: Utilisateur) -> QuerySet[Esms]:
    """ESMS dont on voit un parcours en cours et que personne ne dirige aujourd'hui. Une vacance avertit seulement."""
    vus = Parcours.objects.visibles_par(utilisateur).en_cours().values("esms")
    return (
        Esms.objects.filter(pk__in=vus)
        .exclude(Exists(directions_de("pk")))
        .select_related("categorie", "og", "departement")
        .order_by("tri", "pk")
    )
