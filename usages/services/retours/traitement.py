"""Traiter les retours : les confier, nommer les relais d'un service, régler les délais d'une grappe."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from programme.models import Grappe, Parcours, Unite, Utilisateur
from programme.services.actions import cibles_dont_repondre, comptes_proposes
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.models import ReglageRetours, Relais, Retour
from usages.permissions import peut_regler_les_retours, peut_tenir_les_liens, peut_traiter

PAS_LU = "Pas encore lu : qualifiez-le d'abord, pour dire de quoi il s'agit."
REPONDU = "Ce retour a sa réponse, ou un autre le porte : il n'y a plus rien à en faire."
NE_LIT_PAS = "{} ne lit pas les retours de {} : choisissez quelqu'un qui y tient un rôle."
AUTRE_UNITE = "Cette unité n'est pas de cet ESMS."
DEJA_RELAIS = "{} est déjà relais : {}."
DELAIS = "Répondre ne peut pas demander moins de temps que lire : donnez au moins autant de jours."


def comptes_qui_lisent(parcours: Parcours, au: date) -> dict[Utilisateur, str]:
    """Les comptes qui lisent les retours d'un ESMS, et leurs rôles."""
    return comptes_proposes([parcours], au)


def faute_de_confiance(retour: Retour, compte: Utilisateur | None, lus: set[Parcours]) -> str:
    """Pourquoi ce retour ne se confie pas à ce compte, en une phrase ; `lus` : les ESMS qu'il lit, parmi ceux visés."""
    if not retour.est_a_traiter:
        return REPONDU
    if compte is not None and retour.parcours not in lus:
        return NE_LIT_PAS.format(compte, retour.parcours)
    return ""


@transaction.atomic
def confier(*, retours: list[Retour], a: Utilisateur | None, par: Utilisateur) -> None:
    """Confie ces retours à ce compte (None : à personne), tous ou aucun. Lève `Refus` (droit, etat, champ)."""
    relus = list(
        Retour.objects.select_for_update(of=("self",))
        .filter(pk__in=[r.pk for r in retours])
        .select_related("parcours__esms__departement", "parcours__grappe")
    )
    lus = lus_par(a, relus)
    for retour in relus:
        exiger(peut_traiter(par, retour))
        if faute := faute_de_confiance(retour, a, lus):
            raise Refus("champ", faute, champs={"confie_a": [faute]})
        retour.confie_a = a
        retour.save(update_fields=["confie_a"])


def lus_par(compte: Utilisateur | None, retours: list[Retour]) -> set[Parcours]:
    """Parmi les ESMS de ces retours, ceux que lit ce compte. Deux requêtes au plus."""
    cibles = cibles_dont_repondre(compte, {r.parcours for r in retours}) if compte else set()
    return {c for c in cibles if isinstance(c, Parcours)}


@transaction.atomic
def redire(*, retour: Retour, theme: str, titre: str, par: Utilisateur) -> Retour:
    """Corrige le thème et le résumé d'un retour déjà lu ; l'état n'en bouge pas. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_traiter(par, retour))
    relu = Retour.objects.select_for_update(of=("self",)).get(pk=retour.pk)
    if not relu.titre:
        raise Refus("etat", PAS_LU)
    relu.theme, relu.titre = theme, titre
    valider(relu)
    relu.save(update_fields=["theme", "titre", "tri"])
    return relu


@transaction.atomic
def nommer_relais(*, parcours: Parcours, compte: Utilisateur, unite: Unite | None, par: Utilisateur) -> Relais:
    """Nomme un relais, pour une unité ou tout l'ESMS. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_les_liens(par, parcours))
    if unite is not None and unite.parcours_id != parcours.pk:
        raise Refus("champ", AUTRE_UNITE, champs={"unite": [AUTRE_UNITE]})
    if compte not in comptes_qui_lisent(parcours, timezone.localdate()):
        faute = NE_LIT_PAS.format(compte, parcours)
        raise Refus("champ", faute, champs={"compte": [faute]})
    # Sous le verrou de l'ESMS : un double clic ne nomme pas deux fois.
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    relais, neuf = Relais.objects.get_or_create(parcours=parcours, compte=compte, unite=unite)
    if not neuf:
        faute = DEJA_RELAIS.format(compte, unite or "tout l'ESMS")
        raise Refus("champ", faute, champs={"compte": [faute]})
    return relais


@transaction.atomic
def retirer_relais(*, relais: Relais, par: Utilisateur) -> None:
    """Retire un relais ; ce qu'il a fait reste. Lève `Refus` (droit)."""
    exiger(peut_tenir_les_liens(par, relais.parcours))
    relais.delete()


@transaction.atomic
def regler_delais(*, grappe: Grappe, jours_qualifier: int, jours_repondre: int, par: Utilisateur) -> ReglageRetours:
    """Fixe les délais d'une grappe. Lève `Refus` (droit, champ)."""
    exiger(peut_regler_les_retours(par, grappe))
    if jours_repondre < jours_qualifier:
        raise Refus("champ", DELAIS, champs={"jours_repondre": [DELAIS]})
    valeurs = {"jours_qualifier": jours_qualifier, "jours_repondre": jours_repondre}
    return ReglageRetours.objects.update_or_create(grappe=grappe, defaults=valeurs)[0]
