"""Qui tient quel rôle, où, et jusqu'à quand : affecter, clore, déléguer, inviter."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

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
from programme.models.perimetre import AffectationQuerySet
from programme.perimetre import ROLES_PAR_PORTEE
from programme.permissions import (
    LIEN_PAR_COURRIEL,
    peut_affecter,
    peut_clore,
    peut_deleguer,
    peut_voir_le_lien,
)
from programme.services.controles import exiger, signer, valider
from programme.services.invitations import Adresse, emettre, lire_invitation, ouvrir_compte
from programme.socle.erreurs import Refus
from programme.socle.texte import normaliser

__all__ = [
    "Adresse",
    "Cible",
    "affecter",
    "chercher_comptes",
    "clore",
    "deleguer",
    "inviter",
    "peut_montrer_le_lien",
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


def chercher_comptes(texte: str, *, par: Utilisateur) -> list[Utilisateur]:
    """Comptes dont le courriel est ce texte, ou dont le nom en porte tous les mots, accents et casse ignorés.

    Seulement parmi ceux que `par` voit tenir un rôle : chercher n'apprend pas qui d'autre a un compte.
    """
    vues = Affectation.objects.visibles_par(par).values("utilisateur")
    visibles = Utilisateur.objects.filter(is_active=True, pk__in=vues)
    if par_courriel := list(visibles.filter(courriel__iexact=texte)):
        return par_courriel
    mots = normaliser(texte).split()
    # Le nom d'un compte n'a pas de colonne normalisée : on compare en mémoire, deux colonnes, à l'envoi seulement.
    noms = visibles.values_list("pk", "nom")
    cles = [cle for cle, nom in noms if mots and all(mot in normaliser(nom) for mot in mots)]
    return list(Utilisateur.objects.filter(pk__in=cles[:50]))


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
    if titre == Titre.DELEGATION and isinstance(cible, Esms) and au:
        _borner_la_delegation(cible, par, du, au)
    affectation = Affectation(
        utilisateur=utilisateur,
        role=role,
        titre=titre,
        portee=portee,
        du=du,
        au=au,
        motif=motif,
        delegue_par=delegue_par,
        confie_par=par,
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
        phrase = f"Le compte « {utilisateur.identifiant} » est fermé : l'administrateur peut le rouvrir."
        raise _refuser("identifiant", phrase)
    if titre == Titre.DELEGATION and (role != Role.DIRECTEUR or portee != Portee.ESMS):
        raise _refuser("titre", "Seule la direction d'un ESMS se délègue ; ailleurs, nommez un titulaire.")
    if titre == Titre.DELEGATION and au is None:
        raise _refuser("au", "Une délégation a toujours une fin : donnez sa date.")


def directions_en_titre(utilisateur: Utilisateur, esms: Esms | None) -> AffectationQuerySet:
    """Directions de cet ESMS tenues sans délégation, par lui-même ou par son groupe."""
    return Affectation.objects.dirigeant(esms).exclude(titre=Titre.DELEGATION).filter(utilisateur=utilisateur)


def _borner_la_delegation(esms: Esms, par: Utilisateur, du: date, au: date) -> None:
    """On ne délègue ni plus d'un an, ni au-delà de ce que l'on tient soi-même ; le siège n'a que la première borne."""
    if (au.year, au.month, au.day) > (du.year + 1, du.month, du.day):
        raise _refuser("au", "Une délégation dure douze mois au plus : rapprochez sa fin, elle se renouvelle.")
    if any(a.role == Role.SIEGE for a in par.perimetre.affectes_sur(og=esms.og_id)):
        return
    fins = list(directions_en_titre(par, esms).en_cours(timezone.localdate()).values_list("au", flat=True))
    if fins and None not in fins and au > (fin := max(fins)):
        raise _refuser("au", f"Votre direction finit le {fin:%d/%m/%Y} : la délégation ne peut pas aller au-delà.")


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
        # L'identifiant, que la personne vient d'écrire : le nom affiché ne s'apprend pas en essayant.
        texte = f"« {affectation.utilisateur.identifiant} » tient déjà ce rôle ici, du {deja.du:%d/%m/%Y} {fin}."
        raise _refuser("du", f"{texte} Changez les dates, ou mettez d'abord fin à cette affectation.")


@transaction.atomic
def clore(*, affectation: Affectation, au: date, par: Utilisateur) -> Affectation:
    """Met fin à une affectation ; `au` est son dernier jour, qui peut être passé mais pas avant le début."""
    exiger(peut_clore(par, affectation))
    if au < affectation.du:
        raise _refuser("au", f"Elle commence le {affectation.du:%d/%m/%Y} : son dernier jour ne peut pas être avant.")
    if affectation.au and au > affectation.au:
        raise _refuser("au", f"Elle finit déjà le {affectation.au:%d/%m/%Y} : pour la prolonger, donnez-en une autre.")
    _exiger_une_releve(affectation, au, par)
    affectation.au = au
    signer(affectation, par)
    affectation.save(update_fields=["au"])
    affectation.utilisateur.__dict__.pop("perimetre", None)
    if affectation.role == Role.DIRECTEUR and affectation.titre != Titre.DELEGATION:
        _clore_ses_delegations(affectation, au, par)
    return affectation


def _clore_ses_delegations(direction: Affectation, au: date, par: Utilisateur) -> None:
    """Une délégation ne survit pas à la direction dont elle vient ; celle qui n'avait pas commencé s'efface."""
    lieux = Q(esms=direction.esms) if direction.esms else Q(esms__groupes=direction.groupe)
    delegations = Affectation.objects.filter(
        lieux, titre=Titre.DELEGATION, delegue_par=direction.utilisateur, au__gt=au
    ).select_related("esms", "utilisateur")
    for delegation in delegations:
        restantes = directions_en_titre(direction.utilisateur, delegation.esms).filter(du__lte=au)
        if restantes.filter(Q(au__isnull=True) | Q(au__gte=delegation.au)).exists():
            continue
        signer(delegation, par)
        if delegation.du > au:
            delegation.delete()
        else:
            delegation.au = au
            delegation.save(update_fields=["au"])
        delegation.utilisateur.__dict__.pop("perimetre", None)


def _exiger_une_releve(affectation: Affectation, au: date, par: Utilisateur) -> None:
    """Seul chef de projet de sa grappe, on ne se retire pas : plus personne ne pourrait la conduire."""
    if affectation.role != Role.CHEF_PROJET or affectation.utilisateur_id != par.pk:
        return
    veille = min(au, date.max - timedelta(days=1))
    lendemain = Affectation.objects.en_cours(veille + timedelta(days=1)).exclude(pk=affectation.pk)
    if not lendemain.filter(role=Role.CHEF_PROJET, grappe=affectation.grappe).exists():
        phrase = f"Personne d'autre ne conduirait « {affectation.grappe} » le lendemain"
        raise _refuser("au", f"{phrase} : confiez d'abord ce rôle à une autre personne.")


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
    if not utilisateur.courriel and not peut_montrer_le_lien(utilisateur, par):
        raise _refuser("courriel", f"Donnez un courriel. {LIEN_PAR_COURRIEL}")
    return emettre(utilisateur=utilisateur, par=par, adresse=adresse)


@transaction.atomic
def renouveler(*, affectation: Affectation, par: Utilisateur, adresse: Adresse | None = None) -> tuple[Invitation, str]:
    """Refait un lien pour un compte qui n'a jamais été ouvert ; l'ancien ne vaut plus.

    Le lien ouvre tout ce que tient le compte : il faut pouvoir en répondre partout, pas seulement ici. Là où il ne se
    montre pas (`peut_montrer_le_lien`), il lui faut un courriel.
    """
    compte = Utilisateur.objects.select_for_update(of=("self",)).get(pk=affectation.utilisateur_id)
    for tenue in compte.affectations.all():
        exiger(peut_clore(par, tenue))
    if compte.has_usable_password():
        raise _refuser("identifiant", f"{compte.nom} a déjà ouvert son compte : « Mot de passe oublié » suffit.")
    if not compte.courriel and not peut_montrer_le_lien(compte, par):
        raise _refuser("identifiant", f"Ce compte n'a pas de courriel. {LIEN_PAR_COURRIEL}")
    return emettre(utilisateur=compte, par=par, adresse=adresse)


def peut_montrer_le_lien(compte: Utilisateur, par: Utilisateur) -> bool:
    """Vrai si rien de ce que tient ce compte n'interdit de montrer son lien à `par`."""
    return all(peut_voir_le_lien(par, tenue) for tenue in compte.affectations.select_related("esms__departement"))


def sieges_vacants(utilisateur: Utilisateur) -> QuerySet[Esms]:
    """ESMS que personne ne dirige aujourd'hui, parmi ceux dont on lit la préparation d'un parcours en cours.

    Une vacance avertit seulement ; un financeur ne l'apprend pas.
    """
    vus = Parcours.objects.lisibles_par(utilisateur).en_cours().values("esms")
    return (
        Esms.objects.filter(pk__in=vus)
        .sans_direction(timezone.localdate())
        .select_related("categorie", "og", "departement")
        .order_by("tri", "pk")
    )
