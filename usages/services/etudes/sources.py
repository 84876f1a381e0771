"""D'où viennent les unités d'une étude : les grappes, leurs OG, les structures qui ont répondu, leurs projets.

Tout se lit dans ce que voit le compte qui les prend, ce jour-là ; l'étude garde ensuite ce qu'il a pris.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import EtatGrappe, TypeVerification
from programme.models import Grappe, Parcours, Utilisateur, Verification
from programme.socle.erreurs import Refus
from risques.calculs.notation import Resultat, ResultatSection
from risques.enums import ObjetQuestionnaire
from risques.models import Evaluation
from risques.services.resultats import resultats_des
from usages.calculs.faits_entonnoir import CONNUS, MIXTE
from usages.calculs.unites_entonnoir import Nature, Unite, Valeur
from usages.models import EtapeEtude, Etude
from usages.services.etudes.etudes import etude_verrouillee, exiger_conduite

OG, REPONSES, PROJETS = "og", "reponses", "projets"
SOURCES: Mapping[str, str] = {
    OG: "Les OG des grappes retenues",
    REPONSES: "Les structures qui ont répondu au questionnaire des effets",
    PROJETS: "Les projets de ces structures",
}
VERS: Mapping[str, Nature] = {OG: Nature.OG, REPONSES: Nature.STRUCTURE, PROJETS: Nature.PROJET}
RIEN_A_PRENDRE = "Aucune grappe que vous voyez ne répond à ces filtres : élargissez-les."
FAITS_DES_SECTIONS = {
    "A": "deploiement",
    "U": "utilisation",
    "M": "metiers",
    "D": "autodetermination",
    "P": "accompagnements",
    "Q": "qvct",
    "E": "efficience",
}
"""Le fait où se lit la note de chaque thème du questionnaire livré ; un autre thème garde son code."""
FAITS_DU_PROJET = ("secteur", "region", "editeur", "solution", "type", "finess", "projet")


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce qu'on prend. Vide : tout ce que voit le compte."""

    regions: Sequence[str] = ()
    etats: Sequence[str] = ()
    secteurs: Sequence[str] = ()
    editeurs: Sequence[int] = ()
    solutions: Sequence[int] = ()

    def en_donnees(self) -> dict[str, Any]:
        """De quoi les garder en JSON."""
        return {nom: list(getattr(self, nom)) for nom in ("regions", "etats", "secteurs", "editeurs", "solutions")}

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Filtres":
        """Les filtres gardés par `en_donnees`."""
        connus = ("regions", "etats", "secteurs", "editeurs", "solutions")
        return cls(**{nom: donnees[nom] for nom in connus if nom in donnees})


@dataclass(slots=True)
class _Ligne:
    """Un ESMS d'une grappe, et ce qu'il faut en savoir."""

    parcours: int
    grappe: int
    finess: str
    nom: str
    og: int | None
    og_finess: str
    og_nom: str
    secteur: str
    region: str
    type: str
    solution: str
    editeur: str


@dataclass(slots=True)
class _Grappes:
    """Les grappes lues, leurs ESMS, et qui a sa VSR."""

    grappes: list[Grappe]
    lignes: dict[int, list[_Ligne]] = field(default_factory=dict)
    sous_vsr: set[int] = field(default_factory=set)


def unites_des_grappes(filtres: Filtres, par: Utilisateur) -> list[Unite]:
    """Les grappes que voit ce compte et que ces filtres gardent, avec leurs faits. Trois requêtes."""
    lues = _lire_les_grappes(_grappes(filtres, par), par)
    unites = [_unite_grappe(g, lues) for g in lues.grappes]
    return [u for u in unites if not filtres.secteurs or _a_un_secteur(u, lues, filtres.secteurs)]


def _grappes(filtres: Filtres, par: Utilisateur) -> Iterable[Grappe]:
    vues = Grappe.objects.visibles_par(par).select_related("region", "solution__editeur")
    if filtres.regions:
        vues = vues.filter(region__in=filtres.regions)
    if filtres.etats:
        vues = vues.filter(etat__in=filtres.etats)
    if filtres.editeurs:
        vues = vues.filter(solution__editeur__in=filtres.editeurs)
    if filtres.solutions:
        vues = vues.filter(solution__in=filtres.solutions)
    return vues.order_by("pk")


def _lire_les_grappes(grappes: Iterable[Grappe], par: Utilisateur) -> _Grappes:
    lues = _Grappes(list(grappes))
    cles = [g.pk for g in lues.grappes]
    lues.lignes = _lignes(Parcours.objects.visibles_par(par).dans_le_projet().filter(grappe__in=cles))
    lues.sous_vsr = _sous_vsr(cles, lues.lignes, par)
    return lues


def _lignes(parcours: Any) -> dict[int, list[_Ligne]]:
    champs = (
        "pk", "grappe", "esms__finess", "esms__nom", "esms__og", "esms__og__finess", "esms__og__nom",
        "esms__categorie__secteur", "esms__departement__region__nom", "type_projet", "solution__nom",
        "solution__editeur__nom",
    )  # fmt: skip
    rendu: dict[int, list[_Ligne]] = defaultdict(list)
    for valeurs in parcours.order_by("pk").values_list(*champs):
        ligne = _Ligne(*(valeurs[:5] + tuple(v or "" for v in valeurs[5:])))
        rendu[ligne.grappe].append(ligne)
    return rendu


def _sous_vsr(cles: Sequence[int], lignes: Mapping[int, list[_Ligne]], par: Utilisateur) -> set[int]:
    """Les ESMS que couvre une VSR : la leur, celle de leur OG, celle de toute la grappe."""
    acquises = Verification.objects.visibles_par(par).acquises(TypeVerification.VSR).filter(grappe__in=cles)
    rendu: set[int] = set()
    for grappe, og, parcours in acquises.values_list("grappe", "og", "parcours"):
        rendu |= {
            ligne.parcours
            for ligne in lignes.get(grappe, [])
            if parcours == ligne.parcours or (parcours is None and og in (None, ligne.og))
        }
    return rendu


def _seul(valeurs: Iterable[str]) -> Valeur:
    """La valeur commune, « mixte » s'il y en a plusieurs, None si l'on n'en connaît aucune."""
    connues = {v for v in valeurs if v}
    return None if not connues else connues.pop() if len(connues) == 1 else MIXTE


def _unite_grappe(grappe: Grappe, lues: _Grappes) -> Unite:
    siens = lues.lignes.get(grappe.pk, [])
    par_og = Counter(ligne.og for ligne in siens if ligne.og)
    solution = grappe.solution
    faits: dict[str, Valeur] = {
        "type": _seul(ligne.type for ligne in siens),
        "vsr": all(ligne.parcours in lues.sous_vsr for ligne in siens) if siens else None,
        "nb_og": len(par_og) or None,
        "plus_grand_og": max(par_og.values(), default=None),
        "esms": len(siens),
        "region": grappe.region.nom if grappe.region else None,
        "secteur": _seul(ligne.secteur for ligne in siens),
        "etat": str(EtatGrappe(grappe.etat).label),
        "annee": grappe.annee_financement,
        "solution": solution.nom if solution else _seul(ligne.solution for ligne in siens),
        "editeur": solution.editeur.nom if solution else _seul(ligne.editeur for ligne in siens),
    }
    return Unite(Nature.GRAPPE, str(grappe.pk), grappe.nom, faits)


def _a_un_secteur(unite: Unite, lues: _Grappes, secteurs: Sequence[str]) -> bool:
    return any(ligne.secteur in secteurs for ligne in lues.lignes.get(int(unite.cle), []))


@transaction.atomic
def prendre_la_base(*, etude: Etude, filtres: Filtres, par: Utilisateur) -> int:
    """Prend la base, telle qu'elle est aujourd'hui ; rend combien d'unités. Lève `Refus` (droit, etat, champ)."""
    relue = etude_verrouillee(etude)
    exiger_conduite(relue, par)
    unites = unites_des_grappes(filtres, par)
    if not unites:
        raise Refus("champ", RIEN_A_PRENDRE)
    poser_la_base(relue, unites, filtres)
    return len(unites)


def poser_la_base(etude: Etude, unites: Sequence[Unite], filtres: Filtres | None = None) -> None:
    """Écrit ces unités comme base de l'étude, prise aujourd'hui."""
    etude.base = [u.en_donnees() for u in unites]
    etude.filtres = (filtres or Filtres()).en_donnees()
    etude.base_le = timezone.localdate()
    etude.save(update_fields=["base", "filtres", "base_le"])


# --- les passages ----------------------------------------------------------------------------------------------------


def unites_de(etape: EtapeEtude, entrees: Sequence[Unite], par: Utilisateur) -> list[Unite]:
    """Les unités qu'un passage peut faire entrer, selon sa source, dans ce que voit ce compte."""
    source = etape.definition.get("source", "")
    if source == OG:
        return unites_des_og(_grappes_de(etape.etude), par)
    if source == REPONSES:
        return unites_des_reponses(etape.etude, par)
    if source == PROJETS:
        return [unite_projet(u) for u in entrees if u.nature == Nature.STRUCTURE]
    raise Refus("etat", "Les unités de ce passage ont été données telles quelles : il n'y a rien à reprendre.")


def _grappes_de(etude: Etude) -> list[int]:
    """Les grappes de la base ; ses unités d'une autre nature n'ont pas d'OG à donner."""
    return [int(u["cle"]) for u in etude.base if u["nature"] == Nature.GRAPPE and u["cle"].isdecimal()]


def unites_des_og(grappes: Sequence[int], par: Utilisateur) -> list[Unite]:
    """Les OG de ces grappes. `nb_og` : ceux de sa grappe la moins partagée ; `esms` : là où il en a le plus."""
    lues = _lire_les_grappes(Grappe.objects.visibles_par(par).filter(pk__in=grappes).order_by("pk"), par)
    reunis: dict[str, Unite] = {}
    for grappe, lignes in sorted(lues.lignes.items()):
        par_og: dict[str, list[_Ligne]] = defaultdict(list)
        for ligne in lignes:
            if ligne.og:
                par_og[ligne.og_finess or f"sans-finess-{ligne.og}"].append(ligne)
        for cle, siens in par_og.items():
            deja = reunis.get(cle)
            faits: dict[str, Valeur] = {
                "esms": max(len(siens), _entier(deja, "esms")),
                "nb_og": min(len(par_og), _entier(deja, "nb_og") or len(par_og)),
                "secteur": _seul(ligne.secteur for ligne in siens),
                "region": _seul(ligne.region for ligne in siens),
                "editeur": _seul(ligne.editeur for ligne in siens),
                "vsr": all(ligne.parcours in lues.sous_vsr for ligne in siens),
            }
            origines = (*(deja.issue_de if deja else ()), f"grappe:{grappe}")
            reunis[cle] = Unite(Nature.OG, cle, siens[0].og_nom, faits, origines)
    return list(reunis.values())


def _entier(unite: Unite | None, fait: str) -> int:
    valeur = unite.faits.get(fait) if unite else 0
    return valeur if isinstance(valeur, int) else 0


def unites_des_reponses(etude: Etude, par: Utilisateur) -> list[Unite]:
    """Les structures dont ce compte lit le résultat dans les campagnes d'effets de l'étude ; la plus récente compte."""
    evaluations = (
        Evaluation.objects.rendues_a(par)
        .filter(
            campagne__in=etude.campagnes.all(),
            campagne__version_posee__questionnaire__objet=ObjetQuestionnaire.EFFETS,
            parcours__isnull=False,
        )
        .select_related("campagne")
        .order_by("campagne__creee_le", "pk")
    )
    lues = list(evaluations)
    resultats = resultats_des(lues)
    lignes = _lignes(Parcours.objects.filter(pk__in=[e.parcours_id for e in lues]))
    par_parcours = {ligne.parcours: ligne for siens in lignes.values() for ligne in siens}
    reunies: dict[str, Unite] = {}
    for evaluation in lues:
        lu, ligne = resultats[evaluation.pk].resultat, par_parcours.get(evaluation.parcours_id or 0)
        if lu is not None and ligne is not None:
            reunies[ligne.finess] = _unite_structure(ligne, _notes(lu))
    return list(reunies.values())


def _notes(resultat: Resultat) -> dict[str, Valeur]:
    """Une note par thème, et le total ramené à 100 ; en texte, pour que deux machines les lisent pareil."""
    notes: dict[str, Valeur] = {_fait_du_theme(s): _en_texte(s.valeur) for s in resultat.sections}
    total = None if resultat.fraction is None else resultat.fraction * 100
    return notes | {"total": _en_texte(total)}


def _fait_du_theme(section: ResultatSection) -> str:
    """Celui du questionnaire livré, si c'est bien son échelle ; sinon le code du thème."""
    fait = FAITS_DES_SECTIONS.get(section.code, "")
    return fait if fait and section.sur == CONNUS[fait].sur else f"theme_{section.code.lower()}"


def _en_texte(valeur: Decimal | None) -> Valeur:
    return None if valeur is None else f"{round(valeur, 2).normalize():f}"


def _unite_structure(ligne: _Ligne, notes: Mapping[str, Valeur]) -> Unite:
    faits: dict[str, Valeur] = {
        **notes,
        "secteur": ligne.secteur or None,
        "region": ligne.region or None,
        "editeur": ligne.editeur or None,
        "solution": ligne.solution or None,
        "type": ligne.type,
        "projet": ligne.og_finess or str(ligne.grappe),
        "finess": ligne.finess,
    }
    origines = [f"og:{ligne.og_finess or f'sans-finess-{ligne.og}'}"] if ligne.og else []
    # Une grappe réadmise par exception entre comme un projet : ses structures en viennent aussi.
    origines += [f"grappe:{ligne.grappe}", f"projet:{ligne.grappe}"]
    return Unite(Nature.STRUCTURE, ligne.finess, ligne.nom, faits, tuple(origines))


def unite_projet(structure: Unite) -> Unite:
    """Le projet d'une structure : ce qui la situe, sa note, et ce que l'équipe notera."""
    faits = {nom: structure.faits[nom] for nom in FAITS_DU_PROJET if nom in structure.faits}
    faits |= {"total": structure.faits.get("total"), "motivation": None, "transmission": None}
    return Unite(Nature.PROJET, structure.cle, f"Projet de {structure.nom}", faits, (structure.ref,))
