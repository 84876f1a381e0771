"""Les faits d'une monographie : ce que l'outil sait et d'où il le tient, remplacé par ce que l'équipe a écrit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from programme.enums import TypeVerification
from programme.models import Esms, Parcours, Verification
from programme.socle.nombres import finess
from usages.calculs.dire import dire_chiffre
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, CodeFait
from usages.models import Monographie, Valeur

FINESS, GRAPPE, CONVENTION, EQUIPE = "FINESS", "grappe", "convention de la grappe", "équipe de l'étude"
F = CodeFait
_RELEVES = {
    "presents": F.PERSONNES,
    "couverture-dui": F.FORMES_DUI,
    "couverture-services-socles": F.FORMES_SOCLES,
    "comptes-actifs": F.UTILISATION,
}
"""Les indicateurs dont le dernier chiffre transmis fait un fait."""


@dataclass(frozen=True, slots=True)
class FaitLu:
    """Un fait : ce qu'il vaut, d'où il vient, et si l'équipe l'a écrit elle-même."""

    valeur: str
    source: str
    est_ecrit: bool = False


def faits_sus(monographie: Monographie) -> dict[CodeFait, FaitLu]:
    """Ce que l'outil sait, sans ce que l'équipe a écrit ; requêtes constantes."""
    parcours = monographie.visite.parcours
    sus = dict([*_de_finess(parcours.esms), *_de_la_grappe(parcours), *_des_releves(parcours)])
    return {code: FaitLu(*sus[code]) for code in CodeFait if code in sus and sus[code][0]}


def faits_de(monographie: Monographie) -> dict[CodeFait, FaitLu]:
    """Tous les faits connus, dans l'ordre du document ; ce que l'équipe a écrit l'emporte."""
    ecrits = {CodeFait(f.code): FaitLu(f.valeur, f.source or EQUIPE, True) for f in monographie.faits.all()}
    lus = faits_sus(monographie) | ecrits
    return {code: lus[code] for code in CodeFait if code in lus}


Su = tuple[CodeFait, tuple[str, str]]


def _de_finess(esms: Esms) -> Iterable[Su]:
    region = esms.departement.region if esms.departement else None
    yield F.TYPE, (str(esms.categorie), FINESS)
    yield F.RAISON_SOCIALE, (esms.nom_long or esms.nom, FINESS)
    yield F.FINESS, (finess(esms.finess), FINESS)
    if esms.og:
        yield F.OG, (esms.og.nom_long or esms.og.nom, FINESS)
        yield F.FINESS_JURIDIQUE, (finess(esms.og.finess) if esms.og.finess else "", FINESS)
    if esms.departement:
        yield F.DEPARTEMENT, (esms.departement.nom, FINESS)
    if region:
        yield F.REGION, (region.nom, FINESS)


def _de_la_grappe(parcours: Parcours) -> Iterable[Su]:
    """Des dates de la grappe : elles valent pour tous ses ESMS, la monographie le dit."""
    grappe = parcours.grappe
    convention = getattr(grappe, "convention", None)
    if grappe.annee_financement:
        yield F.FINANCEMENT, (str(grappe.annee_financement), GRAPPE)
    elif convention:
        yield F.FINANCEMENT, (str(convention.signee_le.year), CONVENTION)
    if convention and convention.financeur:
        yield F.ARS, (convention.financeur, CONVENTION)
    for type_, code in ((TypeVerification.VA, F.PARAMETRAGE), (TypeVerification.VSR, F.VSR)):
        de_tous = Verification.objects.filter(grappe=grappe, og__isnull=True, parcours__isnull=True)
        if jour := de_tous.acquises(type_).values_list("prononcee_le", flat=True).order_by("prononcee_le").first():
            yield (
                code,
                (Periode.contenant(jour, CadenceReleve.MOIS).nom, f"{TypeVerification(type_).label} de la grappe"),
            )


def _des_releves(parcours: Parcours) -> Iterable[Su]:
    chiffres: Any = (
        Valeur.objects.totaux()
        .comptees()
        .filter(releve__parcours=parcours, indicateur__code__in=_RELEVES, indicateur__transmis_au_financeur=True)
    )
    for v in chiffres.select_related("indicateur", "releve").order_by("releve__debut", "pk"):
        dit = dire_chiffre(v.indicateur, v.numerateur, v.denominateur)
        yield _RELEVES[v.indicateur.code], (dit, f"relevé {v.releve.periode.complement}")
