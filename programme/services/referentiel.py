"""Solutions, éditeurs et groupes : ce que l'on ajoute à la main, faute de fichier qui les apporte."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation, Editeur, Esms, Groupe, OrganismeGestionnaire, Solution, Utilisateur
from programme.permissions import peut_administrer, peut_ajouter_solution, peut_grouper
from programme.services.controles import exiger, signer, valider
from programme.services.perimetre import directions_en_titre
from programme.socle.erreurs import Refus
from programme.socle.texte import nettoyer, normaliser


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


@transaction.atomic
def enregistrer_solution(
    *,
    nom: str,
    par: Utilisateur,
    editeur: Editeur | None = None,
    nouvel_editeur: str = "",
    est_referencee: bool = False,
    solution: Solution | None = None,
) -> Solution:
    """Crée une solution, ou modifie `solution`. Un éditeur déjà connu, accents et casse ignorés, n'est pas doublé.

    Lève `Refus` (droit, champ) sans rien écrire.
    """
    exiger(peut_administrer(par) if solution else peut_ajouter_solution(par))
    editeur = editeur or _editeur_nomme(nouvel_editeur)
    # Verrou sur l'éditeur : deux ajouts simultanés du même nom se suivent, le second voit le premier.
    Editeur.objects.select_for_update().get(pk=editeur.pk)
    solution = solution or Solution()
    for autre in Solution.objects.filter(editeur=editeur).exclude(pk=solution.pk):
        if normaliser(autre.nom) == normaliser(nom):
            raise _refuser("nom", f"« {autre.nom} » de {editeur} est déjà dans la liste : choisissez-la.")
    solution.editeur, solution.nom, solution.est_referencee = editeur, nettoyer(nom), est_referencee
    valider(solution)
    solution.save()
    return solution


def _editeur_nomme(nom: str) -> Editeur:
    """L'éditeur de ce nom, créé s'il manque."""
    propre = nettoyer(nom)
    if not propre:
        raise _refuser("editeur", "Choisissez un éditeur dans la liste, ou écrivez son nom.")
    for connu in Editeur.objects.all():
        if normaliser(connu.nom) == normaliser(propre):
            return connu
    editeur = Editeur(nom=propre)
    valider(editeur)
    editeur.save()
    return editeur


@transaction.atomic
def creer_groupe(*, nom: str, og: OrganismeGestionnaire, par: Utilisateur) -> Groupe:
    """Crée un groupe vide dans un OG ; ses ESMS s'y rangent ensuite. Lève `Refus` (droit, champ)."""
    exiger(peut_grouper(par, og))
    OrganismeGestionnaire.objects.select_for_update(of=("self",)).get(pk=og.pk)
    groupe = Groupe(nom=nom, og=og)
    _nommer(groupe, nom)
    return groupe


def _nommer(groupe: Groupe, nom: str) -> None:
    for autre in Groupe.objects.filter(og=groupe.og).exclude(pk=groupe.pk):
        if normaliser(autre.nom) == normaliser(nom):
            raise _refuser("nom", f"{groupe.og} a déjà un groupe « {autre.nom} » : donnez un autre nom.")
    groupe.nom = nom
    valider(groupe)
    groupe.save()


@transaction.atomic
def modifier_groupe(*, groupe: Groupe, nom: str, esms: Iterable[Esms], par: Utilisateur) -> Groupe:
    """Renomme le groupe et fixe ses ESMS, pris dans son OG. Lève `Refus` (droit, champ) sans rien écrire.

    Qui tient un rôle sur le groupe gagne ou perd aussitôt les ESMS qui y entrent ou en sortent ; une délégation ne
    survit pas à la direction dont elle vient.
    """
    groupe = Groupe.objects.select_for_update(of=("self",)).select_related("og").get(pk=groupe.pk)
    exiger(peut_grouper(par, groupe))
    choisis = list(esms)
    membres = {e.pk: e for e in groupe.esms.all()}
    # Un membre passé à un autre OG peut rester ; personne d'autre n'entre d'ailleurs.
    if intrus := next((e for e in choisis if e.pk not in membres and e.og_id != groupe.og_id), None):
        raise _refuser("esms", f"{intrus} n'est pas un ESMS de {groupe.og} : un groupe reste dans son organisme.")
    _nommer(groupe, nom)
    groupe.esms.set(choisis)
    retires = [e for cle, e in membres.items() if cle not in {c.pk for c in choisis}]
    _clore_les_delegations(groupe, retires, par)
    return groupe


def _clore_les_delegations(groupe: Groupe, retires: list[Esms], par: Utilisateur) -> None:
    """Celles que la direction du groupe avait données sur un ESMS qu'elle ne dirige plus."""
    aujourd_hui = timezone.localdate()
    directions = Affectation.objects.de_direction().filter(groupe=groupe).exclude(titre=Titre.DELEGATION)
    delegations = Affectation.objects.filter(
        titre=Titre.DELEGATION,
        role=Role.DIRECTEUR,
        esms__in=retires,
        delegue_par__in=directions.values("utilisateur"),
        au__gt=aujourd_hui,
    ).select_related("esms", "delegue_par")
    for delegation in delegations:
        deleguant = delegation.delegue_par
        if deleguant is None or directions_en_titre(deleguant, delegation.esms).en_cours(aujourd_hui).exists():
            continue
        signer(delegation, par)
        if delegation.du > aujourd_hui:
            delegation.delete()
        else:
            delegation.au = aujourd_hui
            delegation.save(update_fields=["au"])
