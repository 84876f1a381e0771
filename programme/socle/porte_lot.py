"""La porte, pour un grand ensemble : les mêmes règles et le même journal, écrits par lots.

Rien de plus n'est permis ici qu'à `changer_etat` : droit, état de départ, obstacles, conditions, motif, date sont
vérifiés pour chaque objet avant la première écriture, et chaque passage est chaîné et scellé de la même façon. Seules
changent les écritures, groupées. Décision 0027.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from programme.socle.conditions import evaluer, pour
from programme.socle.droits import droit_de
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats, porte_du_lot, porte_ouverte
from programme.socle.models import Passage
from programme.socle.porte import Lecture, etat_change, exiger_lecture, franchir

TAILLE_DE_LOT = 2_000
LIGNES_PAR_ORDRE = 1_000


@dataclass(slots=True)
class Demande:
    """Un passage demandé : sur quoi, par qui, à quelle date ; `details` : arguments propres à la transition."""

    objet: ModeleAEtats
    par: Any
    date_effet: date
    motif: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def changer_etat_en_lot(transition: str, demandes: Sequence[Demande]) -> int:
    """Franchit `transition` sur tous ces objets d'un même modèle, ou sur aucun ; rend le nombre de passages écrits.

    Lève le premier `Refus` rencontré, celui qu'aurait levé `changer_etat` sur cet objet, son nom en tête. Les objets
    donnés ne sont pas mis à jour chez l'appelant : les relire.
    """
    if not demandes:
        return 0
    modele = type(demandes[0].objet)
    if transition not in modele.transitions():
        raise Refus("champ", "transition", champs={"transition": [f"« {transition} » n'est pas un passage connu."]})
    if len({d.objet.pk for d in demandes}) < len(demandes) or any(type(d.objet) is not modele for d in demandes):
        raise ValueError("Un lot de passages ne porte que sur des objets différents d'un même modèle.")
    for debut in range(0, len(demandes), TAILLE_DE_LOT):
        _franchir_un_lot(modele, transition, demandes[debut : debut + TAILLE_DE_LOT])
    return len(demandes)


def _franchir_un_lot(modele: type[ModeleAEtats], transition: str, demandes: Sequence[Demande]) -> None:
    cles = [d.objet.pk for d in demandes]
    lignes = modele._default_manager.select_for_update(of=("self",)).select_related(*modele.relations_lues)
    verrouilles: dict[Any, Any] = {o.pk: o for o in lignes.filter(pk__in=cles).order_by("pk")}
    precedents = _derniers(modele, cles)
    lectures = _lire(modele, transition, [(verrouilles[d.objet.pk], d) for d in demandes])
    for d in demandes:
        _exiger(verrouilles[d.objet.pk], lectures[d.objet.pk], d, precedents.get(d.objet.pk))
    couples, avant = [], {cle: _valeurs(objet) for cle, objet in verrouilles.items()}
    for d in demandes:
        objet = verrouilles[d.objet.pk]
        valeurs = {"par": d.par, "motif": d.motif, "date_effet": d.date_effet}
        with porte_ouverte(objet):
            passage = franchir(objet, lectures[objet.pk], precedents.get(objet.pk), d.details, **valeurs)
        couples.append((objet, passage))
    with porte_du_lot():
        _ecrire(modele, [objet for objet, _ in couples], avant)
        Passage.objects.bulk_create([passage for _, passage in couples], batch_size=LIGNES_PAR_ORDRE)
    modele.apres_passages(transition, couples)
    transaction.on_commit(lambda: _prevenir(modele, couples), robust=True)


def _derniers(modele: type[ModeleAEtats], cles: list[Any]) -> dict[Any, Passage]:
    """Le dernier passage de chaque objet qui en a un."""
    passages = Passage.objects.filter(objet_type=ContentType.objects.get_for_model(modele), objet_id__in=cles)
    return {p.objet_id: p for p in passages.order_by("rang")}


def _lire(
    modele: type[ModeleAEtats], transition: str, lot: Sequence[tuple[ModeleAEtats, Demande]]
) -> dict[Any, Lecture]:
    constats: dict[Any, Any] = {}
    if pour(modele._meta.label_lower, transition):
        constats = evaluer(modele._default_manager.filter(pk__in=[o.pk for o, _ in lot]), transition)
    obstacles = modele.obstacles_du_lot(transition, [(o, {**d.details, "par": d.par}) for o, d in lot])
    departs = modele.departs(transition)
    return {
        o.pk: Lecture(
            transition, droit_de(d.par, o, transition), o.etat in departs, obstacles[o.pk], constats.get(o.pk, [])
        )
        for o, d in lot
    }


def _exiger(objet: ModeleAEtats, lecture: Lecture, demande: Demande, precedent: Passage | None) -> None:
    try:
        if not lecture.droit:
            raise Refus("droit", lecture.droit.motif)
        precedente = precedent.date_effet if precedent else None
        exiger_lecture(objet, lecture, motif=demande.motif, date_effet=demande.date_effet, precedente=precedente)
    except Refus as refus:
        refus.motif = f"{objet} : {refus.motif}"
        raise


def _valeurs(objet: ModeleAEtats) -> dict[str, Any]:
    return {champ.attname: getattr(objet, champ.attname) for champ in objet._meta.concrete_fields}


def _ecrire(modele: Any, objets: list[Any], avant: dict[Any, dict[str, Any]]) -> None:
    """Un ordre par jeu de mêmes valeurs : un lot de constats n'en a que quelques-uns."""
    groupes: dict[tuple[tuple[str, Any], ...], list[Any]] = defaultdict(list)
    for objet in objets:
        apres = _valeurs(objet)
        groupes[tuple((nom, v) for nom, v in apres.items() if v != avant[objet.pk][nom])].append(objet.pk)
    for changements, cles in groupes.items():
        modele._default_manager.filter(pk__in=cles).order_by().ecrire_depuis_la_porte(**dict(changements))
    if hasattr(modele, "history"):
        modele.history.bulk_history_create(objets, batch_size=LIGNES_PAR_ORDRE, update=True)


def _prevenir(modele: type[ModeleAEtats], couples: Sequence[tuple[ModeleAEtats, Passage]]) -> None:
    if etat_change.has_listeners(modele):
        for objet, passage in couples:
            etat_change.send_robust(sender=modele, passage=passage, objet=objet)


def par_lots(demandes: Sequence[Demande]) -> Iterator[Sequence[Demande]]:
    """Les demandes, par lots de la taille d'une écriture : de quoi montrer un avancement."""
    for debut in range(0, len(demandes), TAILLE_DE_LOT):
        yield demandes[debut : debut + TAILLE_DE_LOT]
