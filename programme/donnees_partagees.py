"""Les seuls faits qu'un lecteur apprend d'ESMS qu'il ne voit pas."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from programme.calculs.masquage import SEUIL
from programme.enums import EN_CHEMIN, TypeVerification
from programme.models import DureesObservees, Grappe, Parcours, Vague, Verification


def vagues_avec_charge(grappe: Grappe) -> QuerySet[Vague]:
    """Vagues de la grappe avec `en_chemin` et `prises_vues`, nuls en dessous de cinq ESMS ; et `comble`, un fait.

    Un directeur choisit son moment : il voit la charge de chaque vague, sans compter ceux qu'il ne voit pas un à un.
    Qu'une vague n'ait plus de place se dit toujours, sans dire combien ils sont, ni qui.
    """
    vagues: Any = grappe.vagues.avec_places()
    nombre = Count("parcours", filter=Q(parcours__etat__in=EN_CHEMIN))
    lues: QuerySet[Vague] = vagues.annotate(nombre=nombre).annotate(
        en_chemin=Case(When(nombre__gte=SEUIL, then="nombre"), default=None, output_field=IntegerField()),
        prises_vues=Case(When(prises__gte=SEUIL, then="prises"), default=None, output_field=IntegerField()),
        comble=Case(When(capacite__isnull=False, prises__gte=F("capacite"), then=True), default=False),
    )
    return lues


def faits_de_grappe(grappe: Grappe) -> list[str]:
    """Ce que toute personne qui voit l'en-tête de la grappe peut savoir du pilote : des faits, jamais un chiffre.

    Ni nom, ni nombre, ni date d'un ESMS : dire que la VA est prononcée suffit à qui vient après.
    """
    sur_un_pilote = Q(parcours__isnull=True) | Q(parcours__est_pilote=True)
    prononcees = Verification.objects.acquises(TypeVerification.VA).filter(sur_un_pilote, grappe=grappe)
    return ["La vérification d'aptitude (VA) est prononcée."] if prononcees.exists() else []


def secteur_de(parcours: Parcours) -> str:
    """Le secteur de l'ESMS ; vide si sa catégorie n'en a pas."""
    return parcours.esms.categorie.secteur if parcours.esms.categorie else ""


def typologies_representees(parcours: Iterable[Parcours]) -> set[int]:
    """Clés de ceux dont un autre ESMS de leur secteur et de leur grappe est désigné pilote : un fait, ni nombre ni nom.

    `parcours` : leur `esms__categorie` déjà lue de préférence. Une requête.
    """
    lus = list(parcours)
    pilotes: dict[tuple[int, str], set[int]] = {}
    designes = Parcours.objects.dans_le_projet().filter(grappe__in={p.grappe_id for p in lus}, est_pilote=True)
    for cle, grappe, secteur in designes.order_by().values_list("pk", "grappe", "esms__categorie__secteur"):
        pilotes.setdefault((grappe, secteur or ""), set()).add(cle)
    return {p.pk for p in lus if pilotes.get((p.grappe_id, secteur_de(p)), set()) - {p.pk}}


def durees_autour(parcours: Iterable[Parcours]) -> QuerySet[DureesObservees]:
    """Les durées observées dans la grappe de ces parcours, dans leur région, dans le pays ; leur ESMS est déjà lu.

    Elles comptent des ESMS que le lecteur ne voit pas. Chaque relevé en réunit `SEUIL` au moins, un ESMS n'y entre
    qu'une fois, et rien ne s'en montre qu'un nombre de passages et une médiane.
    """
    lus = list(parcours)
    regions = {p.esms.departement.region_id for p in lus if p.esms.departement}
    return DureesObservees.objects.autour({p.grappe_id for p in lus}, regions)
