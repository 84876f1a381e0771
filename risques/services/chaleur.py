"""La carte de chaleur d'une grappe : ce que chaque ESMS lu a transmis, par catégorie ou par section.

Un nombre constant de requêtes, quel que soit le nombre d'ESMS.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, Max, OuterRef

from programme.models import Grappe, Parcours, Utilisateur, Vague
from programme.socle.nombres import accorde
from risques.calculs.criticite import Bornes, niveau
from risques.calculs.echelle import arrondi
from risques.dessins import chaleur
from risques.enums import (
    CategorieRisque,
    EtatAnalyse,
    NiveauRisque,
    ObjetPartage,
    ObjetQuestionnaire,
)
from risques.models import AnalyseLocale, Evaluation, Grille, LigneAnalyse
from risques.models.analyses import DITES
from risques.models.campagnes import EvaluationQuerySet
from risques.models.grilles import TRANSMISES
from risques.models.partages import confiees, partagees
from risques.services.resultats import ResultatEvaluation, resultats_des

CATEGORIES, SECTIONS = "categories", "sections"
NOM, NIVEAU, AGE, OG = "nom", "niveau", "age", "og"
TRIS = ((NOM, "Nom"), (NIVEAU, "Plus haut niveau"), (AGE, "Plus ancienne"), (OG, "OG"))
SANS_VAGUE = "sans"
LISIBLES = 6
"""Colonnes dont le nom tient en entier, l'âge restant dans le cadre."""
_RANGS = list(NiveauRisque)
_MAITRISE = (0.4, 0.6, 0.8)
"""Où commence chaque palier d'une section, en part de sa note maximale."""
_PALIERS_DE_MAITRISE = (
    chaleur.Palier("Maîtrise faible", "moins de 40"),
    chaleur.Palier("À consolider", "de 40 à 59"),
    chaleur.Palier("Correcte", "de 60 à 79"),
    chaleur.Palier("Forte", "80 et plus"),
)


@dataclass(slots=True)
class EsmsLu:
    """Un ESMS et ce que le lecteur en lit : les six lignes transmises, son dernier questionnaire.

    Analyse rouverte : ses lignes sont celles de la dernière transmission, jamais celles qu'on est en train d'écrire.
    """

    parcours: Parcours
    analyse: AnalyseLocale | None = None
    lignes: dict[str, LigneAnalyse] = field(default_factory=dict)
    resultat: ResultatEvaluation | None = None

    @property
    def transmise_le(self) -> date | None:
        """Le jour de l'analyse lue ici."""
        return self.analyse.transmise_le if self.analyse and self.lignes else None

    @property
    def pire(self) -> tuple[int, int]:
        """La plus haute criticité, puis la somme : de quoi ranger du pire au meilleur."""
        cotes = [ligne.criticite or 0 for ligne in self.lignes.values()]
        return max(cotes, default=0), sum(cotes)

    @property
    def est_rouverte(self) -> bool:
        """Vrai si ce qu'on lit fut transmis, et se récrit depuis."""
        return bool(self.analyse and self.lignes and self.analyse.etat not in DITES)

    @property
    def en_attente(self) -> str:
        """Où en est une analyse qui ne se lit pas encore."""
        if self.analyse is None:
            return "pas commencée"
        if self.analyse.etat == EtatAnalyse.PRECISION:
            return "précision demandée"
        return "en reprise" if self.analyse.transmise_le else "en cours"


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce que l'adresse demande : l'axe, un OG, une vague (sa clé, ou « sans »), un tri. L'inconnu est comme absent."""

    axe: str = CATEGORIES
    og: str = ""
    vague: str = ""
    tri: str = NOM

    @property
    def filtre(self) -> bool:
        """Vrai si des lignes sont écartées."""
        return bool(self.og or self.vague)

    def garde(self, parcours: Parcours) -> bool:
        """Vrai si cet ESMS reste."""
        og = not self.og or str(parcours.esms.og_id) == self.og
        vague = str(parcours.vague_id or SANS_VAGUE)
        return og and (not self.vague or vague == self.vague)


def esms_lus(grappe: Grappe, par: Utilisateur) -> list[Parcours]:
    """Les ESMS encore dans le projet dont il lit les risques : les siens ; au financeur, ceux qui les lui ouvrent."""
    lus = confiees(par, "pk", "grappe") | partagees(par, "pk", "grappe", objet=ObjetPartage.RISQUES)
    siens = Parcours.objects.filter(lus, grappe=grappe).dans_le_projet()
    return list(siens.select_related("esms__og", "esms__categorie", "vague").order_by("esms__tri", "pk"))


def evaluations_rendues(grappe: Grappe, par: Utilisateur) -> EvaluationQuerySet:
    """Les évaluations de risques de cette grappe et de ses ESMS que ce lecteur voit, dont une grille est transmise."""
    rendues = Grille.objects.filter(evaluation=OuterRef("pk"), etat__in=TRANSMISES)
    return _de_risques(Evaluation.objects.visibles_par(par), grappe).filter(Exists(rendues))


def _de_risques(evaluations: EvaluationQuerySet, grappe: Grappe) -> EvaluationQuerySet:
    return evaluations.filter(
        campagne__grappe=grappe, campagne__version_posee__questionnaire__objet=ObjetQuestionnaire.RISQUES
    )


def evaluations_lues(grappe: Grappe, par: Utilisateur) -> EvaluationQuerySet:
    """Celles dont il lit le résultat, la dernière rendue à la fin."""
    lues = _de_risques(Evaluation.objects.rendues_a(par), grappe)
    return lues.annotate(rendue_le=Max("grilles__instantanes__le")).order_by("rendue_le", "pk")


def dernieres(evaluations: Iterable[Evaluation]) -> dict[int | None, Evaluation]:
    """La dernière évaluation rendue de chaque ESMS, et de la grappe (clé None)."""
    return {e.parcours_id: e for e in evaluations}


def lire_esms(parcours: list[Parcours], par: Utilisateur) -> list[EsmsLu]:
    """L'analyse transmise de chacun. Trois requêtes."""
    vues = AnalyseLocale.objects.visibles_par(par).filter(parcours__in=[p.pk for p in parcours])
    analyses = {a.parcours_id: a for a in vues.avec_lignes()}
    rendu = []
    for p in parcours:
        dites = analyses[p.pk].lignes_transmises if p.pk in analyses else []
        rendu.append(EsmsLu(p, analyses.get(p.pk), {x.categorie: x for x in dites if x.criticite is not None}))
    return rendu


def poser_resultats(esms: list[EsmsLu], evaluations: dict[int | None, Evaluation]) -> ResultatEvaluation | None:
    """Donne à chaque ESMS le résultat de son évaluation ; rend celui de la grappe, s'il y en a un."""
    resultats = {r.evaluation.parcours_id: r for r in resultats_des(evaluations.values()).values()}
    for lu in esms:
        lu.resultat = resultats.get(lu.parcours.pk)
    return resultats.get(None)


def trier(esms: list[EsmsLu], tri: str) -> list[EsmsLu]:
    """Dans l'ordre demandé ; à égalité, par nom."""
    if tri == NIVEAU:
        return sorted(esms, key=lambda e: e.pire, reverse=True)
    if tri == AGE:
        return sorted(esms, key=lambda e: (e.transmise_le is None, e.transmise_le or date.max))
    if tri == OG:
        return sorted(esms, key=lambda e: e.parcours.esms.og.nom if e.parcours.esms.og else "")
    return esms


def choix_de_vague(parcours: Iterable[Parcours]) -> list[tuple[str, str]]:
    """Les vagues de ces ESMS, dans l'ordre ; « sans vague » s'il y en a."""
    vagues: dict[int, Vague] = {p.vague_id: p.vague for p in parcours if p.vague_id and p.vague}
    rendu = [(str(v.pk), str(v)) for v in sorted(vagues.values(), key=lambda v: v.numero)]
    return [*rendu, (SANS_VAGUE, "à choisir")] if any(p.vague_id is None for p in parcours) else rendu


def choix_d_og(parcours: Iterable[Parcours]) -> list[tuple[str, str]]:
    """Les OG de ces ESMS, par nom."""
    ogs = {p.esms.og_id: p.esms.og for p in parcours if p.esms.og}
    return [(str(cle), og.nom) for cle, og in sorted(ogs.items(), key=lambda x: x[1].nom)]


# --- dessiner ------------------------------------------------------------------------------------------------------


def paliers(bornes: Bornes) -> tuple[chaleur.Palier, ...]:
    """Les quatre niveaux, et ce qu'ils couvrent selon ces bornes."""
    debuts = (1, bornes.significatif, bornes.critique, bornes.inacceptable)
    fins = (*(d - 1 for d in debuts[1:]), 16)
    return tuple(
        chaleur.Palier(str(n.label), str(d) if d == f else f"de {d} à {f}")
        for n, d, f in zip(NiveauRisque, debuts, fins, strict=True)
    )


def rang(criticite: int, bornes: Bornes) -> int:
    """Le niveau d'une criticité, de 1 à 4."""
    return _RANGS.index(niveau(criticite, bornes)) + 1


def par_categories(esms: list[EsmsLu], bornes: Bornes, au: date, adresses: dict[int, str]) -> chaleur.Chaleur:
    """ESMS × six catégories. `adresses` : la page de chacun, par clé de parcours."""
    lignes = [
        chaleur.LigneLue(
            str(e.parcours),
            adresses.get(e.parcours.pk, ""),
            tuple(_note(e.lignes.get(c), bornes) for c in CategorieRisque),
            e.transmise_le,
        )
        for e in esms
    ]
    colonnes = [chaleur.Colonne(str(c.label)) for c in CategorieRisque]
    return chaleur.dessiner(
        lignes,
        colonnes,
        paliers(bornes),
        titre="Analyses locales : ESMS par catégorie",
        au=au,
        note="Le chiffre est la criticité : probabilité × impact, de 1 à 16.",
    )


def _note(ligne: LigneAnalyse | None, bornes: Bornes) -> chaleur.Note | None:
    if ligne is None or ligne.criticite is None:
        return None
    return chaleur.Note(rang(ligne.criticite, bornes), str(ligne.criticite))


def par_sections(esms: list[EsmsLu], au: date, adresses: dict[int, str]) -> chaleur.Chaleur | None:
    """ESMS × sections du questionnaire complet, pour ceux qui l'ont rendu ; None si personne.

    Les colonnes sont celles de la version la plus répondue : une autre grille ne se lit pas dans celles-ci.
    """
    rendus = [e for e in esms if e.resultat and e.resultat.resultat]
    par_forme: dict[tuple[tuple[str, str], ...], list[EsmsLu]] = {}
    for e in rendus:
        par_forme.setdefault(_forme(e), []).append(e)
    if not par_forme:
        return None
    forme, siens = max(par_forme.items(), key=lambda x: len(x[1]))
    lignes = [
        chaleur.LigneLue(str(e.parcours), adresses.get(e.parcours.pk, ""), _notes_de_sections(e), _le(e)) for e in siens
    ]
    autres = len(rendus) - len(siens)
    note = "Le chiffre est la maîtrise de la section, sur 100 : plus elle est haute, mieux c’est."
    if autres:
        note += f" {accorde(autres, 'ESMS a répondu,ESMS ont répondu')} sur une autre grille, à lire à part."
    # Dix noms entiers pousseraient l'âge hors du cadre : un numéro, celui du radar, et les noms dessous.
    court = len(forme) > LISIBLES
    colonnes = [chaleur.Colonne(nom, str(rang) if court else "") for rang, (_, nom) in enumerate(forme, 1)]
    titre = "Questionnaires complets : ESMS par section"
    return chaleur.dessiner(lignes, colonnes, _PALIERS_DE_MAITRISE, titre=titre, au=au, ton=chaleur.MAITRISE, note=note)


def _forme(e: EsmsLu) -> tuple[tuple[str, str], ...]:
    return tuple((s.code, s.nom) for s in e.resultat.sections) if e.resultat else ()


def _le(e: EsmsLu) -> date | None:
    return e.resultat.le if e.resultat else None


def _notes_de_sections(e: EsmsLu) -> tuple[chaleur.Note | None, ...]:
    if e.resultat is None or e.resultat.resultat is None:
        return ()
    fractions = [s.fraction for s in e.resultat.resultat.sections]
    return tuple(
        None if f is None else chaleur.Note(chaleur.palier_de(arrondi(f * 100) / 100, _MAITRISE), str(arrondi(f * 100)))
        for f in fractions
    )
