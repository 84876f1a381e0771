"""Le classeur d'une période : une ligne par ESMS × indicateur, tel que l'import le relit sans rien y changer."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from programme.models import Grappe, Utilisateur
from programme.socle.exports import MiseEnForme
from usages.calculs import parts
from usages.calculs.controles import lire_nombre
from usages.calculs.periodes import Periode
from usages.enums import Absence
from usages.models import Releve, Valeur
from usages.services.chiffres.feuilles import Feuille, lire
from usages.services.chiffres.retenir import Saisie

FEUILLE = "Relevés"
COLONNES = {
    "finess": "FINESS",
    "esms": "ESMS",
    "periode": "Période",
    "code": "Code",
    "indicateur": "Indicateur",
    "valeur": "Valeur",
    "sur": "Sur",
    "motif": "Pourquoi il manque",
    "texte": "Texte",
    "commentaire": "Commentaire",
    "raison": "Raison de la correction",
    "detail": "Détail, à lire",
}
INDISPENSABLES = ("finess", "periode", "code", "valeur")
_LARGEURS = [12, 36, 11, 26, 44, 11, 11, 27, 30, 36, 36, 48]
MOTIFS: dict[str, str] = {a.value: str(a.label) for a in Absence}
MOTIF_ILLISIBLE = "Écrivez « {} » ou « {} », ou laissez la case vide."


def releves_de(grappe: Grappe, periode: Periode, utilisateur: Utilisateur) -> list[Releve]:
    """Ceux de cette grappe que voit le lecteur, par ESMS : cette période, et celles qui s'achèvent le même jour."""
    siennes = Q()
    for p in periode.finissant_avec():
        siennes |= Q(debut=p.debut, cadence=p.cadence)
    lus = Releve.objects.visibles_par(utilisateur).filter(siennes, grappe=grappe).pour_lecture()
    return list(lus.order_by("parcours__esms__tri", "parcours", "-debut", "pk"))


def exporter(grappe: Grappe, periode: Periode, utilisateur: Utilisateur) -> tuple[list[str], Iterator[list[Any]]]:
    """Intitulés et lignes du classeur ; quatre requêtes, pour un ESMS comme pour cent."""
    releves = releves_de(grappe, periode, utilisateur)
    feuilles = lire(releves)
    visibles = set(
        Valeur.objects.visibles_par(utilisateur)
        .totaux()
        .filter(releve__in=[r.pk for r in releves])
        .values_list("pk", flat=True)
    )
    return list(COLONNES.values()), _lignes(releves, feuilles, visibles)


def _lignes(releves: list[Releve], feuilles: dict[int, Feuille], visibles: set[int]) -> Iterator[list[Any]]:
    for releve in releves:
        detail: dict[int, list[tuple[str, Decimal]]] = {}
        for (indicateur, part), v in feuilles[releve.pk].cases.items():
            if part and v.numerateur is not None:
                detail.setdefault(indicateur, []).append((part, v.numerateur))
        cases = [v for (_, part), v in feuilles[releve.pk].cases.items() if not part and v.pk in visibles]
        for v in sorted(cases, key=lambda v: (v.indicateur.famille, v.indicateur.rang, v.indicateur_id)):
            yield [
                releve.parcours.esms.finess,
                releve.parcours.esms.nom,
                releve.periode.code,
                v.indicateur.code,
                v.indicateur.libelle,
                _nombre(v.numerateur),
                _nombre(v.denominateur),
                MOTIFS.get(v.motif, ""),
                v.texte,
                v.commentaire,
                v.raison,
                parts.dire(detail.get(v.indicateur_id, ()), v.indicateur.parts),
            ]


def _nombre(valeur: Decimal | None) -> Any:
    """Un entier ou un décimal du tableur ; vide s'il manque."""
    if valeur is None:
        return None
    return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)


def mise_en_forme() -> MiseEnForme:
    """Largeurs, et la liste des motifs."""
    rang = list(COLONNES).index("motif")
    return MiseEnForme(_LARGEURS, {rang: list(MOTIFS.values())}, a_la_ligne=True)


@dataclass(frozen=True, slots=True)
class Lue:
    """Une ligne lue : la saisie qu'elle demande, et ce qui change, en mots (intitulé, avant, après)."""

    saisie: Saisie
    ecarts: list[tuple[str, Any, Any]]


def lire_ligne(valeur: Valeur, feuille: Feuille, cases: dict[str, str]) -> tuple[Lue | None, dict[str, str]]:
    """Ce que ces cases (par colonne) demandent de ce chiffre ; ou, par colonne, ce qui ne s'y lit pas."""
    fautes: dict[str, str] = {}
    nombres: dict[str, Decimal | None] = {}
    for colonne in ("valeur", "sur"):
        try:
            nombres[colonne] = lire_nombre(cases.get(colonne, ""))
        except ValueError as faute:
            fautes[colonne] = str(faute)
    motif = _motif(cases.get("motif", ""))
    if motif is None:
        fautes["motif"] = MOTIF_ILLISIBLE.format(*MOTIFS.values())
    if fautes:
        return None, fautes
    dit: dict[str, Any] = {
        "valeur": nombres["valeur"],
        "sur": nombres["sur"] if nombres["valeur"] is not None else None,
        "motif": motif,
    } | {nom: cases.get(nom, getattr(valeur, nom)) for nom in ("texte", "commentaire", "raison")}
    etait = {
        "valeur": valeur.numerateur,
        "sur": valeur.denominateur,
        "motif": valeur.motif,
        "texte": valeur.texte,
        "commentaire": valeur.commentaire,
        "raison": valeur.raison,
    }
    # Un dénominateur partagé se corrige à sa ligne : redit ici tel qu'il était, il suit.
    partage = feuille.commun(valeur.indicateur) is not None and dit["sur"] == etait["sur"]
    ecarts = [
        (COLONNES[nom], _en_case(nom, etait[nom]), _en_case(nom, dit[nom])) for nom in etait if etait[nom] != dit[nom]
    ]
    saisie = Saisie(
        valeur.indicateur_id,
        numerateur=dit["valeur"],
        denominateur=None if partage else dit["sur"],
        motif=str(motif),
        texte=dit["texte"],
        commentaire=dit["commentaire"],
        raison=dit["raison"],
    )
    return Lue(saisie, ecarts), {}


def _motif(texte: str) -> str | None:
    """Le motif que nomme cette case, vide si elle l'est ; None si elle ne se lit pas."""
    net = " ".join(texte.lower().split())
    if not net:
        return ""
    return next((code for code, libelle in MOTIFS.items() if net in (code, libelle.lower())), None)


def _en_case(nom: str, valeur: Any) -> Any:
    if nom in ("valeur", "sur"):
        return _nombre(valeur)
    return MOTIFS.get(valeur, "") if nom == "motif" else valeur
