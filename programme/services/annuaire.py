"""Mise à jour de l'annuaire depuis un fichier FINESS : d'abord tout comparer, puis n'écrire que ce qui change.

La comparaison lit le fichier en flux, ne touche pas la base et dépose les changements dans un fichier temporaire ;
l'écriture est une seule transaction, courte. Rien n'est supprimé ; une absence ne ferme rien.
"""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction

from programme.models import Categorie, Departement, Esms, EvenementEsms, OrganismeGestionnaire
from programme.models.annuaire import formes_de_recherche
from programme.services.annuaire_lignes import (
    CHAMPS,
    CHAMPS_OG,
    CHERCHES,
    ECRITS,
    ECRITS_OG,
    LIBELLES,
    LONGUEURS,
    LONGUEURS_OG,
    RANG,
    completer,
    couper,
    differences,
    evenements,
    ligne_og,
    og_sans_nom,
)
from programme.socle.finess.lignes import Ligne, LigneESMS, LigneOG, Rejet
from programme.socle.finess.numero import pour_lecture
from programme.socle.finess.refus import FichierRefuse
from programme.socle.lots import TAILLE_DE_PAQUET, ecrire, existants

REJETS_GARDES = 1_000
SANS_CATEGORIE = "000"

REFERENCE_ABSENTE = "Les départements ne sont pas chargés : lancez « manage.py charger_reference », puis recommencez."
SANS_DEPARTEMENT = "Département inconnu de la table de référence, laissé vide : « {} »."
CATEGORIE_INCONNUE = "Catégorie « {} » absente de la nomenclature : gardée, sans secteur, hors des listes par défaut."
TEXTE_COUPE = "Texte trop long, coupé : {}."

Temoin = Callable[[int], None]
Noter = Callable[["Ecart | Rejet"], None]


def libelle_inconnu(code: str) -> str:
    """Libellé donné à une catégorie que la nomenclature ne connaît pas encore."""
    return "Catégorie non renseignée" if code == SANS_CATEGORIE else f"Catégorie {code}"


@dataclass
class Bilan:
    """Les nombres d'un import : lus = créés + modifiés + inchangés + fermés + rejetés + hors catégories."""

    lus: int = 0
    actifs: int = 0
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    fermes: int = 0
    rejetes: int = 0
    hors_categories: int = 0
    plus_anciens: int = 0
    og_crees: int = 0
    og_modifies: int = 0

    def __str__(self) -> str:
        return (
            f"{self.lus} lus, {self.crees} créés, {self.modifies} modifiés, {self.inchanges} inchangés, "
            f"{self.fermes} fermés, {self.rejetes} rejetés"
        )


@dataclass(frozen=True, slots=True)
class Ecart:
    """Un établissement créé, modifié ou fermé : où, lequel, et ce qui change (colonne, avant, après)."""

    ligne: int
    finess: str
    nom: str
    effet: str
    valeurs: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Choix:
    """Quelles catégories importer. Par défaut : celles qui ont un secteur, et celles qu'on ne connaît pas encore."""

    categories: frozenset[str] | None = None
    tout: bool = False


@dataclass
class _Paquet:
    """Ce qu'un paquet de lignes change, en valeurs simples pour le fichier temporaire."""

    ogs: list[tuple] = field(default_factory=list)
    ogs_sans_nom: list[str] = field(default_factory=list)
    esms: list[tuple[str, tuple]] = field(default_factory=list)
    evenements: list[tuple[str, str, date | None, str, str]] = field(default_factory=list)
    a_redater: list[str] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return not (self.ogs or self.ogs_sans_nom or self.esms or self.a_redater)


class Analyse:
    """Comparaison d'un fichier à la base, rendue par `analyser()`. `rejets` est plafonné ; `bilan` compte tout."""

    def __init__(self, changements: IO[bytes], millesime: date | None, choix: Choix, noter: Noter | None) -> None:
        self.millesime = millesime
        self.choix = choix
        self.bilan = Bilan()
        self.rejets: list[Rejet] = []
        self.avertissements: Counter[str] = Counter()
        self._changements = changements
        self._noter = noter
        self._departements = set(Departement.objects.values_list("code", flat=True))
        if not self._departements:
            raise FichierRefuse(REFERENCE_ABSENTE)
        self._categories = {
            code: bool(secteur) or libelle == libelle_inconnu(code)
            for code, secteur, libelle in Categorie.objects.values_list("code", "secteur", "libelle")
        }
        self._nouvelles_categories: dict[str, None] = {}
        self._derniere_og: LigneOG | None = None
        self._ogs_prevus: set[str] = set()

    # --- comparer --------------------------------------------------------------------------------------------------

    def comparer(self, lignes: Iterator[Ligne], temoin: Temoin | None) -> None:
        """Lit tout, ne touche pas la base."""
        while paquet := list(islice(lignes, TAILLE_DE_PAQUET)):
            changements = self._comparer_paquet(paquet)
            if not changements.est_vide:
                pickle.dump(changements, self._changements, pickle.HIGHEST_PROTOCOL)
            if temoin:
                temoin(self.bilan.lus)

    def _comparer_paquet(self, lignes: list[Ligne]) -> _Paquet:
        esms = [ligne for ligne in lignes if isinstance(ligne, LigneESMS)]
        ogs = [ligne for ligne in lignes if isinstance(ligne, LigneOG)]
        for ligne in lignes:
            if isinstance(ligne, Rejet):
                self._rejeter(ligne)
        # Les établissements d'un OG peuvent continuer dans le paquet suivant.
        if self._derniere_og:
            ogs.insert(0, self._derniere_og)
        self._derniere_og = ogs[-1] if ogs else None
        en_base = existants(Esms, "finess", [e.finess for e in esms], ("millesime", "remplace_par_id", *CHAMPS))
        changements = _Paquet()
        for ligne in esms:
            self._comparer_esms(ligne, en_base.get(ligne.finess), changements)
        self._comparer_ogs(ogs, changements)
        return changements

    def _rejeter(self, rejet: Rejet) -> None:
        self.bilan.lus += 1
        self.bilan.rejetes += 1
        if len(self.rejets) < REJETS_GARDES:
            self.rejets.append(rejet)
        if self._noter:
            self._noter(rejet)

    def _retenue(self, categorie: str, en_base: bool) -> bool:
        if self.choix.tout:
            return True
        if self.choix.categories is not None:
            return categorie in self.choix.categories
        return en_base or self._categories.get(categorie, True)

    def _comparer_esms(self, ligne: LigneESMS, ancien: tuple | None, changements: _Paquet) -> None:
        bilan = self.bilan
        bilan.lus += 1
        bilan.actifs += ligne.actif
        if not self._retenue(ligne.categorie or SANS_CATEGORIE, ancien is not None):
            bilan.hors_categories += 1
            return
        for avertissement in ligne.avertissements:
            self.avertissements[avertissement] += 1
        valeurs = self._valeurs(ligne)
        if ancien is None:
            bilan.crees += 1
            changements.esms.append((ligne.finess, valeurs))
            self._dire("cree", ligne, ())
            return
        self._comparer_a(ligne, valeurs, ancien[0], ancien[1], ancien[2:], changements)

    def _comparer_a(
        self,
        ligne: LigneESMS,
        valeurs: tuple,
        vu_le: date | None,
        remplace_par: int | None,
        ancien: tuple,
        changements: _Paquet,
    ) -> None:
        bilan = self.bilan
        if vu_le and self.millesime and self.millesime < vu_le:
            bilan.inchanges += 1
            bilan.plus_anciens += 1
            return
        valeurs = completer(valeurs, ancien, ligne.categorie, remplace_par is not None)
        if valeurs == ancien:
            bilan.inchanges += 1
            if self.millesime and vu_le != self.millesime:
                changements.a_redater.append(ligne.finess)
            return
        ferme = ancien[-1] and not valeurs[-1]
        bilan.fermes += ferme
        bilan.modifies += not ferme
        changements.esms.append((ligne.finess, valeurs))
        self._dire("ferme" if ferme else "modifie", ligne, differences(ancien, valeurs))
        changements.evenements += evenements(ligne.finess, ancien, valeurs, self.millesime)

    def _dire(self, effet: str, ligne: LigneESMS, differences: tuple) -> None:
        if self._noter:
            self._noter(Ecart(ligne.ligne, ligne.finess, ligne.nom, effet, differences))

    def _valeurs(self, ligne: LigneESMS) -> tuple:
        departement: str | None = ligne.departement
        if departement not in self._departements:
            self.avertissements[SANS_DEPARTEMENT.format(departement)] += 1
            departement = None
        categorie = ligne.categorie if 0 < len(ligne.categorie) <= 4 else SANS_CATEGORIE
        if categorie not in self._categories:
            self.avertissements[CATEGORIE_INCONNUE.format(categorie)] += 1
            self._nouvelles_categories[categorie] = None
        return self._borner(
            (
                ligne.finess_og or None,
                ligne.nom or ligne.nom_long or f"ESMS {pour_lecture(ligne.finess)}",
                ligne.nom_long,
                categorie,
                ligne.siret,
                departement,
                ligne.commune_cog,
                ligne.code_postal,
                ligne.ville,
                ligne.adresse,
                ligne.longitude,
                ligne.latitude,
                ligne.ouvert_le,
                ligne.ferme_le,
                ligne.actif,
            )
        )

    def _borner(self, valeurs: tuple) -> tuple:
        """Coupe ce que la base refuserait ; le fichier national n'en donne presque jamais."""
        for nom, longueur in LONGUEURS.items():
            texte = valeurs[RANG[nom]]
            if texte and (len(texte) > longueur or "\x00" in texte):
                rang = RANG[nom]
                self.avertissements[TEXTE_COUPE.format(LIBELLES[nom])] += 1
                valeurs = (*valeurs[:rang], texte.replace("\x00", "")[:longueur], *valeurs[rang + 1 :])
        return valeurs

    def _comparer_ogs(self, lignes: list[LigneOG], changements: _Paquet) -> None:
        """Un OG n'entre dans l'annuaire que s'il y gère un établissement, ou s'il y est déjà."""
        cites = {valeurs[0] for _, valeurs in changements.esms if valeurs[0]}
        numeros = cites.union(ligne.finess for ligne in lignes)
        en_base = existants(OrganismeGestionnaire, "finess", sorted(numeros), CHAMPS_OG)
        for ligne in lignes:
            ancien = en_base.get(ligne.finess)
            valeurs = tuple(couper(getattr(ligne, nom), LONGUEURS_OG.get(nom)) for nom in CHAMPS_OG)
            if ancien:
                # Un format qui tait le nom long ou le statut n'efface pas ce qu'un autre a donné.
                valeurs = tuple(avant if apres == "" else apres for avant, apres in zip(ancien, valeurs, strict=True))
            nouveau = ancien is None and ligne.finess in cites
            if ligne.finess in self._ogs_prevus or not (nouveau or (ancien is not None and ancien != valeurs)):
                continue
            self._ogs_prevus.add(ligne.finess)
            changements.ogs.append((ligne.finess, *valeurs))
            self.bilan.og_crees += nouveau
            self.bilan.og_modifies += not nouveau
        changements.ogs_sans_nom = sorted(cites - en_base.keys() - self._ogs_prevus)
        self._ogs_prevus.update(changements.ogs_sans_nom)
        self.bilan.og_crees += len(changements.ogs_sans_nom)

    # --- écrire ----------------------------------------------------------------------------------------------------

    @transaction.atomic
    def ecrire(self, *, par: Any = None, temoin: Temoin | None = None) -> Bilan:
        """Applique les changements, tous ou aucun ; rend le bilan."""
        Categorie.objects.bulk_create(
            [Categorie(code=code, libelle=libelle_inconnu(code)) for code in self._nouvelles_categories],
            ignore_conflicts=True,
        )
        faits = 0
        for changements in self._relire():
            self._ecrire_paquet(changements, par)
            faits += len(changements.esms)
            if temoin:
                temoin(faits)
        return self.bilan

    def _relire(self) -> Iterator[_Paquet]:
        self._changements.seek(0)
        while True:
            try:
                yield pickle.load(self._changements)
            except EOFError:
                return

    def _ecrire_paquet(self, changements: _Paquet, par: Any) -> None:
        ogs = changements.ogs + [(n, "", og_sans_nom(n), "", "", None) for n in changements.ogs_sans_nom]
        ecrire(OrganismeGestionnaire, ECRITS_OG, (ligne_og(*og) for og in ogs))
        cites = {valeurs[0] for _, valeurs in changements.esms if valeurs[0]}
        cles: dict[str | None, int] = dict(
            OrganismeGestionnaire.objects.filter(finess__in=cites).values_list("finess", "pk")
        )
        lignes = (self._ligne_esms(finess, valeurs, cles) for finess, valeurs in changements.esms)
        ecrire(Esms, ECRITS, lignes)
        self._ecrire_evenements(changements.evenements, par)
        if changements.a_redater:
            Esms.objects.filter(finess__in=changements.a_redater).update(millesime=self.millesime)

    def _ligne_esms(self, finess: str, valeurs: tuple, ogs: dict[str | None, int]) -> tuple:
        formes = formes_de_recherche(*(valeurs[rang] for rang in CHERCHES), finess)
        return (finess, ogs.get(valeurs[0]), *valeurs[1:], self.millesime, *formes)

    def _ecrire_evenements(self, lignes: list[tuple], par: Any) -> None:
        if not lignes:
            return
        cles = dict(Esms.objects.filter(finess__in={ligne[0] for ligne in lignes}).values_list("finess", "pk"))
        EvenementEsms.objects.bulk_create(
            EvenementEsms(esms_id=cles[finess], nature=nature, date_effet=effet, avant=avant, apres=apres, par=par)
            for finess, nature, effet, avant, apres in lignes
        )


@contextmanager
def analyser(
    lignes: Iterable[Ligne],
    *,
    millesime: date | None,
    choix: Choix | None = None,
    temoin: Temoin | None = None,
    noter: Noter | None = None,
) -> Iterator[Analyse]:
    """Compare tout le fichier à la base, en flux. `ecrire()` sur ce qui est rendu l'applique ; sinon rien n'a changé.

    Lève FichierRefuse si le fichier ne se lit pas jusqu'au bout : rien n'est alors écrit, même des lignes déjà lues.
    `temoin` reçoit le nombre d'établissements lus, à chaque paquet ; `noter` reçoit chaque écart et chaque rejet.
    """
    with TemporaryFile() as changements:
        analyse = Analyse(changements, millesime, choix or Choix(), noter)
        analyse.comparer(iter(lignes), temoin)
        yield analyse
