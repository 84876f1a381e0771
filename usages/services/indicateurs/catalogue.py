"""Le catalogue des indicateurs : le comparer à un tableau, l'aligner, l'emporter."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from programme.models import Categorie, Utilisateur
from programme.services.controles import exiger, signer
from programme.socle.exports import MiseEnForme
from programme.socle.indicateurs import calculs
from programme.socle.lots import Effets
from programme.socle.nombres import accorde
from usages.calculs.colonnes_catalogue import COLONNES, INTITULES, en_case, lire
from usages.enums import EN_PARTS, Forme, Origine
from usages.models import Indicateur, Suivi, Valeur
from usages.permissions import peut_tenir_le_catalogue

FEUILLE = "Indicateurs"
REFERENCE = "catalogue livré"
"""Ce que l'historique garde de ce qu'écrit le chargement."""
LIENS = ("denominateur_commun", "non_concernees")
CHAMPS = tuple(c for c in COLONNES if c not in LIENS)
FIGES = ("forme", "cadence", "population", "denominateur_commun")
COUTENT = ("origine", "cadence", "forme", "denominateur_commun")

COMMUN_INCONNU = "aucun indicateur n'a le code « {} »."
COMMUN_COMPTE = "« {} » doit être un compte, sans dénominateur à lui."
COMMUN_CADENCE = "« {} » se relève à une autre cadence : un dénominateur partagé se tape dans le même relevé."
COMMUN_POPULATION = "« {} » compte une autre population : présents, file active et effectif ne s'échangent pas."
COMMUN_RAPPORT = "seul un rapport a un dénominateur partagé."
CATEGORIE_INCONNUE = "catégorie inconnue : {}."
CALCUL_INCONNU = "aucun calcul n'a le code « {} » ; connus : {}."
PARTS_TAPEES = "une répartition ou une durée ne se tape pas : elle se calcule ou s'importe."
PARTS_SANS_REPARTITION = "seule une répartition a des parts à nommer ; des tranches de jours se nomment seules."
DEJA_RELEVE = (
    "des chiffres existent : en changer le sens fausserait l'histoire. Créez un autre indicateur, retirez celui-ci."
)
BUDGET_A_REVOIR = "« {} » change ce qui se tape, et {} : relisez leur budget de saisie."


@dataclass(slots=True)
class Changement:
    """Ce qu'une ligne ferait d'un indicateur : `indicateur` None s'il est à créer ; `ecarts` : avant, après."""

    code: str
    valeurs: dict[str, Any]
    indicateur: Indicateur | None = None
    ecarts: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    fautes: dict[str, str] = field(default_factory=dict)


def valeurs_de(indicateur: Indicateur) -> dict[str, Any]:
    """Ce qu'en dit le tableau, par code de colonne (liens déjà lus)."""
    commun = indicateur.denominateur_commun
    return {nom: getattr(indicateur, nom) for nom in CHAMPS} | {
        "denominateur_commun": commun.code if commun else "",
        "non_concernees": tuple(sorted(c.code for c in indicateur.non_concernees.all())),
    }


def catalogue() -> dict[str, Indicateur]:
    """Tout le catalogue, par code, liens lus. Deux requêtes."""
    lus = Indicateur.objects.select_related("denominateur_commun").prefetch_related("non_concernees")
    return {i.code: i for i in lus}


# --- comparer ------------------------------------------------------------------------------------------------------


class Comparateur:
    """Des lignes face au catalogue : ce qu'elles changent, et toutes leurs fautes."""

    def __init__(self, lignes: Iterable[dict[str, Any]]) -> None:
        self.lignes = list(lignes)
        self.en_base = catalogue()
        self.voulus = {c: valeurs_de(i) for c, i in self.en_base.items()}
        for ligne in self.lignes:
            self.voulus[ligne["code"]] = self.voulus.get(ligne["code"], _neuf()) | ligne

    def changements(self) -> list[Changement]:
        """Un par ligne, dans l'ordre ; sans écart ni faute, la ligne ne change rien."""
        return [self._comparer(ligne) for ligne in self.lignes]

    def _comparer(self, ligne: dict[str, Any]) -> Changement:
        code = ligne["code"]
        indicateur = self.en_base.get(code)
        avant = valeurs_de(indicateur) if indicateur else _neuf()
        apres = self.voulus[code]
        ecarts = {c: (avant[c], apres[c]) for c in COLONNES if indicateur is None or avant[c] != apres[c]}
        return Changement(code, apres, indicateur, ecarts)

    def controler(self, changements: Collection[Changement]) -> None:
        """Ajoute à chaque changement ses fautes de sens, colonne par colonne."""
        codes = {code for c in changements if c.ecarts for code in c.valeurs["non_concernees"]}
        connues = set(Categorie.objects.filter(pk__in=codes).values_list("pk", flat=True))
        releves = set(
            Valeur.objects.filter(indicateur__in=[c.indicateur.pk for c in changements if c.indicateur and c.ecarts])
            .order_by()
            .values_list("indicateur", flat=True)
            .distinct()
        )
        for changement in changements:
            if not changement.ecarts:
                continue
            self._controler_les_liens(changement, connues)
            if changement.indicateur and changement.indicateur.pk in releves:
                figes = [c for c in FIGES if c in changement.ecarts]
                changement.fautes |= {c: DEJA_RELEVE for c in figes}
            if not changement.fautes:
                changement.fautes |= _fautes_du_modele(changement)
        # Un dénominateur partagé qui change de cadence casse ceux qui s'y rapportent, même hors du tableau.
        self._controler_les_communs({c.code: c for c in changements if c.ecarts})

    def _controler_les_liens(self, changement: Changement, connues: set[str]) -> None:
        valeurs, fautes = changement.valeurs, changement.fautes
        if valeurs["forme"] in EN_PARTS and valeurs["origine"] == Origine.SAISI:
            fautes["origine"] = PARTS_TAPEES
        if valeurs["parts"] and valeurs["forme"] != Forme.REPARTITION:
            fautes["parts"] = PARTS_SANS_REPARTITION
        if (calcul := valeurs["calcul"]) and "calcul" in changement.ecarts and calcul not in calculs.codes():
            fautes["calcul"] = CALCUL_INCONNU.format(calcul, ", ".join(sorted(calculs.codes())))
        if inconnues := [c for c in valeurs["non_concernees"] if c not in connues]:
            fautes["non_concernees"] = CATEGORIE_INCONNUE.format(", ".join(inconnues))
        if faute := self._faute_du_commun(valeurs):
            fautes["denominateur_commun"] = faute

    def _faute_du_commun(self, valeurs: Mapping[str, Any]) -> str:
        code = valeurs["denominateur_commun"]
        if not code:
            return ""
        if valeurs["forme"] != Forme.RAPPORT:
            return COMMUN_RAPPORT
        commun = self.voulus.get(code)
        if commun is None:
            return COMMUN_INCONNU.format(code)
        if commun["forme"] != Forme.COMPTE or commun["denominateur_commun"]:
            return COMMUN_COMPTE.format(commun["libelle"])
        if commun["cadence"] != valeurs["cadence"]:
            return COMMUN_CADENCE.format(commun["libelle"])
        if commun["population"] != valeurs["population"]:
            return COMMUN_POPULATION.format(commun["libelle"])
        return ""

    def _controler_les_communs(self, changes: dict[str, Changement]) -> None:
        for code, valeurs in self.voulus.items():
            commun = changes.get(valeurs["denominateur_commun"])
            if commun and code not in changes and (faute := self._faute_du_commun(valeurs)):
                commun.fautes["cadence" if "cadence" in commun.ecarts else "forme"] = f"{valeurs['libelle']} : {faute}"

    def avertissements(self, changements: Collection[Changement]) -> list[str]:
        """Ce qui, sans être fautif, alourdit la saisie de grappes qui suivent déjà l'indicateur. Une requête."""
        lourds = {c.indicateur.pk: c for c in changements if c.indicateur and c.ecarts.keys() & set(COUTENT)}
        suivis = Suivi.objects.filter(indicateur__in=lourds, jusqu_au__isnull=True).order_by()
        nombres: dict[int, int] = {}
        for cle in suivis.values_list("indicateur", flat=True):
            nombres[cle] = nombres.get(cle, 0) + 1
        return [
            BUDGET_A_REVOIR.format(lourds[cle].valeurs["libelle"], accorde(n, "grappe le suit,grappes le suivent"))
            for cle, n in nombres.items()
        ]


def _neuf() -> dict[str, Any]:
    """Les valeurs d'un indicateur qu'on n'a pas encore décrit."""
    vide = Indicateur()
    return {nom: getattr(vide, nom) for nom in CHAMPS} | {"denominateur_commun": "", "non_concernees": ()}


def _fautes_du_modele(changement: Changement) -> dict[str, str]:
    """Ce que le modèle refuse : longueurs, NIR, contraintes."""
    candidat = Indicateur(pk=changement.indicateur.pk if changement.indicateur else None)
    for nom in CHAMPS:
        setattr(candidat, nom, changement.valeurs[nom])
    try:
        candidat.full_clean(exclude=["denominateur_commun"], validate_unique=False)
    except ValidationError as fautes:
        return {(nom if nom in COLONNES else "code"): " ".join(phrases) for nom, phrases in fautes.message_dict.items()}
    return {}


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def appliquer(*, changements: Collection[Changement], par: Utilisateur) -> int:
    """Écrit ces changements, sans faute ; rend combien d'indicateurs ont bougé. Lève `Refus` (droit)."""
    exiger(peut_tenir_le_catalogue(par))
    ecrits = [c for c in changements if c.ecarts]
    ecrire(ecrits, par=par)
    return len(ecrits)


def ecrire(changements: Collection[Changement], *, par: Utilisateur | None, raison: str = "") -> None:
    """Crée et corrige, puis noue les liens ; `raison` : ce qu'en garde l'historique."""
    if not changements:
        return
    tous: dict[str, Indicateur] = dict(Indicateur.objects.in_bulk(field_name="code"))
    ordre = sorted(changements, key=lambda c: bool(c.valeurs["denominateur_commun"]))
    for changement in ordre:
        indicateur = tous.setdefault(changement.code, Indicateur(code=changement.code))
        for nom in CHAMPS:
            setattr(indicateur, nom, changement.valeurs[nom])
        indicateur.denominateur_commun = tous.get(changement.valeurs["denominateur_commun"])
        signer(indicateur, par)
        indicateur._change_reason = raison or None  # type: ignore[attr-defined]
        indicateur.save()
        if "non_concernees" in changement.ecarts:
            indicateur.non_concernees.set(changement.valeurs["non_concernees"])


# --- charger -------------------------------------------------------------------------------------------------------


def charger(dossier: Path) -> Effets:
    """Aligne le catalogue sur `indicateurs.csv` ; ce qu'un administrateur a corrigé reste tel qu'il l'a écrit.

    Lève `ValueError` si le fichier ne se lit pas. La seconde fois ne change rien.
    """
    chemin = dossier / "indicateurs.csv"
    if not chemin.exists():
        return Effets()
    changements = Comparateur(_lignes(chemin)).changements()
    ecarts = [c for c in changements if c.ecarts]
    repris = _repris_a_la_main() if any(c.indicateur for c in ecarts) else set()
    a_ecrire = [c for c in ecarts if c.indicateur is None or c.indicateur.pk not in repris]
    nouveaux = [c for c in a_ecrire if c.indicateur is None]
    _creer(nouveaux)
    ecrire([c for c in a_ecrire if c.indicateur], par=None, raison=REFERENCE)
    return Effets(len(nouveaux), len(a_ecrire) - len(nouveaux), len(changements) - len(a_ecrire))


def _lignes(chemin: Path) -> Iterator[dict[str, Any]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        for rang, cases in enumerate(csv.DictReader(fichier, delimiter=";"), start=2):
            valeurs, fautes = lire(cases)
            if fautes:
                raise ValueError(f"{chemin.name}, ligne {rang} : {fautes}")
            yield valeurs


def _repris_a_la_main() -> set[int]:
    """Clés de ceux qu'autre chose que ce fichier a écrits. Une requête."""
    autres = Indicateur.history.exclude(history_change_reason=REFERENCE).order_by()
    return set(autres.values_list("id", flat=True).distinct())


def _creer(nouveaux: Collection[Changement]) -> None:
    """D'un bloc, les dénominateurs partagés d'abord : une base neuve charge tout le catalogue."""
    connus: dict[str, Indicateur] = {}
    for a_un_commun in (False, True):
        vague = []
        for changement in nouveaux:
            if bool(changement.valeurs["denominateur_commun"]) == a_un_commun:
                indicateur = Indicateur(**{nom: changement.valeurs[nom] for nom in CHAMPS})
                indicateur.denominateur_commun = connus.get(changement.valeurs["denominateur_commun"])
                indicateur.tri = indicateur.en_tri()
                vague.append(indicateur)
        bulk_create_with_history(vague, Indicateur, default_change_reason=REFERENCE)
        connus |= Indicateur.objects.in_bulk([i.code for i in vague], field_name="code")
    lien = Indicateur.non_concernees.through
    lien.objects.bulk_create(
        lien(indicateur_id=connus[c.code].pk, categorie_id=code)
        for c in nouveaux
        for code in c.valeurs["non_concernees"]
    )


# --- emporter ------------------------------------------------------------------------------------------------------


def exporter() -> tuple[list[str], Iterator[list[str]]]:
    """Intitulés et lignes du classeur : ce que relit l'import, sans rien y changer. Deux requêtes."""
    lus = map(valeurs_de, catalogue().values())
    return list(INTITULES.values()), ([en_case(code, valeurs[code]) for code in COLONNES] for valeurs in lus)


def mise_en_forme() -> MiseEnForme:
    """Largeurs, et listes déroulantes des colonnes closes."""
    colonnes = list(COLONNES.values())
    choix = {rang: list(c.offres) for rang, c in enumerate(colonnes) if c.offres}
    return MiseEnForme([c.largeur for c in colonnes], choix, a_la_ligne=True)
