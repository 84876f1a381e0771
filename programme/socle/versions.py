"""Deux personnes sur la même fiche : la seconde apprend ce qui a changé, et par qui, avant d'écrire."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Max, QuerySet

from programme.socle.erreurs import Refus
from programme.socle.nombres import liste

VERSION_INCONNUE = (
    "Ce formulaire dit partir d'une version qui n'existe pas. Votre saisie est gardée : relisez, puis enregistrez à "
    "nouveau."
)


def signer(objet: Any, par: Any) -> None:
    """Dit à l'historique qui écrit, quand la requête ne le dit pas."""
    objet._history_user = par


def jeton(historique: QuerySet) -> int:
    """Dernière écriture connue ; à glisser dans le formulaire, à rendre avec la saisie."""
    return historique.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def jetons(historique: QuerySet, cles: Iterable[int]) -> dict[int, int]:
    """Le jeton de plusieurs objets d'un coup, par clé ; `historique` : celui du modèle. Une requête."""
    lignes = historique.filter(id__in=list(cles)).order_by().values("id")
    return {ligne["id"]: ligne["dernier"] for ligne in lignes.annotate(dernier=Max("history_id"))}


def exiger_inchange(historique: QuerySet, vu: int | None, champs: Collection[str]) -> None:
    """Lève `Refus("concurrence")` si l'un de ces champs a été écrit depuis le jeton `vu` (None : rien à vérifier).

    Un jeton plus récent que tout ce qu'on connaît n'a pas été rendu par une page : on ne sait pas ce qu'il a vu.
    """
    if vu is None:
        return
    if vu > jeton(historique):
        raise Refus("concurrence", VERSION_INCONNUE)
    changes: dict[str, None] = {}
    auteurs: dict[str, None] = {}
    for ligne in historique.filter(history_id__gt=vu).select_related("history_user").order_by("history_id"):
        avant = ligne.prev_record
        touches = [c.field for c in ligne.diff_against(avant).changes] if avant else list(champs)
        for nom in touches:
            if nom in champs:
                changes[str(ligne.instance_type._meta.get_field(nom).verbose_name)] = None
                auteurs[str(ligne.history_user or "une autre personne")] = None
    if changes:
        raise Refus(
            "concurrence",
            f"Entre-temps, {liste(auteurs)} a changé : {liste(changes)}. Votre saisie est gardée : relisez, "
            "puis enregistrez à nouveau.",
        )
