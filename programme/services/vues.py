"""Vues enregistrées : en garder une, la changer, la partager, la supprimer."""

from typing import Any

from django.db import transaction

from programme.enums import Role
from programme.models import Grappe, OrganismeGestionnaire, Utilisateur
from programme.permissions import peut_administrer, peut_conduire, tenir
from programme.services.controles import exiger, valider
from programme.socle.droits import Droit
from programme.socle.enums import Partage
from programme.socle.erreurs import Refus
from programme.socle.models import Filtre

MAX_PAR_LISTE = 50
VUE_D_AUTRUI = "Cette vue se change par qui l'a enregistrée, ou par qui conduit la grappe à qui elle s'adresse."
OG_AU_SIEGE = "Une vue se partage avec un organisme par son siège."


def peut_partager(
    utilisateur: Utilisateur, partage: str, grappe: Grappe | None, og: OrganismeGestionnaire | None = None
) -> Droit:
    """Pour soi : chacun. À une grappe : qui la conduit. À un OG : son siège. À un rôle : l'administrateur."""
    if partage == Partage.OG and og is not None:
        return tenir(utilisateur, og, (Role.SIEGE,), OG_AU_SIEGE)
    if partage == Partage.GRAPPE and grappe is not None:
        return peut_conduire(utilisateur, grappe)
    return peut_administrer(utilisateur) if partage == Partage.ROLE else Droit(True)


def peut_modifier(utilisateur: Utilisateur, vue: Filtre) -> Droit:
    """Son auteur pour la sienne ; une vue partagée, qui a le droit de la partager ainsi."""
    if vue.partage == Partage.MOI:
        return Droit(vue.par_id == utilisateur.pk, VUE_D_AUTRUI)
    droit = peut_partager(utilisateur, vue.partage, vue.grappe, vue.og)
    return droit if droit else Droit(False, VUE_D_AUTRUI)


def peut_supprimer(utilisateur: Utilisateur, vue: Filtre) -> Droit:
    """Son auteur, même s'il ne conduit plus, ou qui peut la modifier."""
    return Droit(True) if vue.par_id == utilisateur.pk else peut_modifier(utilisateur, vue)


@transaction.atomic
def enregistrer_vue(
    *,
    par: Utilisateur,
    nom: str,
    liste: str = "",
    objet: str = "",
    criteres: dict[str, list[str]] | None = None,
    partage: str = Partage.MOI,
    grappe: Grappe | None = None,
    og: OrganismeGestionnaire | None = None,
    role: str = "",
    est_defaut: bool = False,
    vue: Filtre | None = None,
) -> Filtre:
    """Crée une vue, ou modifie `vue` (dont `criteres` absents restent). Lève `Refus` (droit, champ).

    `criteres` sort de `criteres_a_garder()`. Par défaut, elle remplace celle qui s'ouvrait pour les mêmes personnes.
    """
    if vue is None:
        vue = Filtre(liste=liste, objet=objet, par=par, criteres=criteres or {})
        if Filtre.objects.filter(liste=liste, objet=objet, par=par).count() >= MAX_PAR_LISTE:
            phrase = f"Vous gardez déjà {MAX_PAR_LISTE} vues ici : supprimez-en une."
            raise Refus("champ", phrase, champs={"nom": [phrase]})
    else:
        exiger(peut_modifier(par, vue))
    exiger(peut_partager(par, partage, grappe, og))
    est_defaut = est_defaut and not vue.objet
    vue.nom, vue.partage, vue.est_defaut = nom, partage, est_defaut
    vue.grappe = grappe if partage == Partage.GRAPPE else None
    vue.og = og if partage == Partage.OG else None
    vue.role = role if partage == Partage.ROLE else ""
    if partage == Partage.ROLE and role not in Role.values:
        raise Refus("champ", "rôle", champs={"a_qui": ["Choisissez un rôle."]})
    if criteres is not None:
        vue.criteres = criteres
    _exiger_nom_libre(vue)
    if est_defaut:
        _voisines(vue).filter(est_defaut=True).update(est_defaut=False)
    valider(vue, exclure=["criteres"])
    vue.save()
    return vue


def _voisines(vue: Filtre) -> Any:
    """Les autres vues de la même page, pour les mêmes personnes."""
    memes: dict[str, Any] = {nom: getattr(vue, nom) for nom in ("liste", "objet", "partage", "grappe", "og", "role")}
    if vue.partage == Partage.MOI:
        memes["par"] = vue.par
    return Filtre.objects.filter(**memes).exclude(pk=vue.pk)


def _exiger_nom_libre(vue: Filtre) -> None:
    if _voisines(vue).filter(nom__iexact=vue.nom.strip()).exists():
        phrase = f"Une vue d'ici s'appelle déjà « {vue.nom.strip()} » : donnez un autre nom."
        raise Refus("champ", phrase, champs={"nom": [phrase]})


@transaction.atomic
def changer_criteres(*, vue: Filtre, criteres: dict[str, list[str]], par: Utilisateur) -> Filtre:
    """Remplace les critères, le tri et les colonnes d'une vue."""
    exiger(peut_modifier(par, vue))
    vue.criteres = criteres
    vue.save(update_fields=["criteres", "modifie_le"])
    return vue


@transaction.atomic
def ne_plus_ouvrir(*, vue: Filtre, par: Utilisateur) -> Filtre:
    """La vue reste, mais ne s'ouvre plus en arrivant."""
    exiger(peut_modifier(par, vue))
    vue.est_defaut = False
    vue.save(update_fields=["est_defaut", "modifie_le"])
    return vue


@transaction.atomic
def supprimer_vue(*, vue: Filtre, par: Utilisateur) -> Filtre:
    """Supprime une vue ; la liste et ses lignes n'en changent pas."""
    exiger(peut_supprimer(par, vue))
    vue.delete()
    return vue
