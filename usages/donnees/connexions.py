"""Un journal de connexion, ou une liste d'utilisateurs, dépouillé en flux : des comptes par ESMS et par mois.

Par morceaux de 500 000 lignes. Trois colonnes au plus quittent le fichier ; le compte et l'ESMS, peu variés, se lisent
en catégories, sans un texte par ligne ; un instant se coupe en un jour et une heure, dont on ne lit que les formes
différentes. Rien n'en sort que des nombres et, le temps du calcul, quels comptes sont actifs.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from programme.socle.finess.refus import FichierRefuse
from programme.socle.texte import normaliser
from usages.calculs.ecartees import LIGNES_CITEES, Ecartees, Raison
from usages.calculs.instants import (
    LARGEURS,
    MINUTES_PAR_JOUR,
    SANS_DECALAGE,
    SANS_HEURE,
    SAUT,
    avance,
    changements,
    lire_heure,
    lire_jour,
    recule,
    tranche_de,
)
from usages.calculs.mots_connexions import COMPTE, ESMS, INSTANT, LIEU
from usages.donnees.flux import BLOC, ILLISIBLE, Compteur, FluxNettoye, encodage_de, exiger_texte
from usages.enums import LieuConnexion, SourceUsage, TrancheDuJour

MORCEAU = 500_000
TRANCHE_DE_TEXTES = 100_000
"""Les instants se coupent par tranches : deux textes de plus par ligne, pour cinq cent mille lignes, pèsent 60 Mo."""
COMPTES_MAXIMAUX = 200_000
TRIPLETS_MAXIMAUX = 2_000_000
TROP_DE_COMPTES = (
    f"Plus de {COMPTES_MAXIMAUX // 1000} 000 comptes différents : la colonne reliée au compte n'est sans doute pas la "
    "bonne. Reliez le fichier de nouveau."
)
_BITS_COMPTE, _BITS_MOIS, _BITS_JOUR, _BITS_CASE = 18, 12, 5, 4
_JOUR_1970 = date(1970, 1, 1).toordinal()
_TRANCHES: tuple[str, ...] = ("", *TrancheDuJour.values)
_LIEUX: tuple[str, ...] = tuple(LieuConnexion.values)

_MASQUE_JOUR, _AVANCE, _RECULE = (1 << 24) - 1, 1 << 24, 1 << 25
_BITS_MINUTE = 12
_MASQUE_MINUTE, _DECALAGE_NUL = (1 << _BITS_MINUTE) - 1, 1 << 13

Temoin = Callable[[int], None]
"""Reçoit les octets déjà lus ; peut lever pour arrêter."""


@dataclass(frozen=True)
class Regles:
    """Comment lire, et ce qui se garde.

    `rangs` : code de colonne → rang. `parcours` : mot de l'ESMS → sa clé, ou None. `seul` : l'ESMS de tout le fichier,
    sans colonne. `connus` : clé de l'ESMS → identifiants connus, en minuscules. `horaires` : clé de l'ESMS → premier
    mois dont on lit les heures. `lieux` : mot normalisé → lieu. `au` : au-delà, une date est à venir.
    """

    rangs: Mapping[str, int]
    nb_colonnes: int
    separateur: str
    ligne_entete: int
    au: date
    source: str = SourceUsage.JOURNAL.value
    parcours: Callable[[str], int | None] = lambda mot: None
    seul: int | None = None
    connus: Mapping[int, frozenset[str]] = field(default_factory=dict)
    horaires: Mapping[int, date] = field(default_factory=dict)
    lieux: Mapping[str, str] = field(default_factory=dict)

    @property
    def est_liste(self) -> bool:
        """Vrai pour une liste d'utilisateurs : un état, dont seul le mois de l'extraction se compte."""
        return self.source == SourceUsage.LISTE


@dataclass(slots=True)
class MoisLu:
    """Un ESMS, un mois : compte → nombre de connexions ; (tranche, lieu) → compte → nombre, s'ils sont allumés."""

    parcours: int
    mois: date
    comptes: dict[str, int]
    premier: date
    dernier: date
    cases: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Depouillement:
    """Ce qu'un fichier dit : des mois, et le compte de toutes ses lignes. `hors_mois` : d'une liste, pas ce mois-ci."""

    mois: list[MoisLu]
    lues: int
    retenues: int
    hors_mois: int
    doubles: int
    ecartees: Ecartees
    premier: date | None
    dernier: date | None


def depouiller(fichier: IO[bytes], regles: Regles, temoin: Temoin = lambda octets: None) -> Depouillement:
    """Lit tout le fichier, en flux. Lève `FichierRefuse` s'il ne se lit pas, ou pas jusqu'au bout."""
    exiger_texte(fichier)
    encodage = encodage_de(fichier)
    flux = FluxNettoye(fichier)
    depouilleur = _Depouilleur(regles, flux.vu)
    for morceau in _morceaux(flux, regles, encodage):
        depouilleur.ajouter(morceau)
        del morceau
        temoin(flux.vu.octets)
    return depouilleur.rendre()


def _morceaux(flux: FluxNettoye, regles: Regles, encodage: str) -> Iterator[Any]:
    """Les morceaux du fichier, réduits aux colonnes reliées ; une case en trop ne se lit pas."""
    # Ici seulement : un serveur web qui ne dépouille rien n'a pas à charger pandas.
    import pandas as pd

    rangs = sorted(set(regles.rangs.values()))
    options: dict[str, Any] = {
        "sep": regles.separateur,
        "header": None,
        "names": list(range(regles.nb_colonnes)),
        "usecols": rangs,
        # L'instant change à chaque ligne ; le reste se répète.
        "dtype": {rang: str if rang == regles.rangs[INSTANT] else "category" for rang in rangs},
        "skiprows": regles.ligne_entete,
        "index_col": False,
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
        "skipinitialspace": True,
        "encoding": encodage,
        "encoding_errors": "replace",
        "chunksize": MORCEAU,
    }
    try:
        lecteur = pd.read_csv(io.BufferedReader(flux, BLOC), **options)
        while (morceau := next(lecteur, None)) is not None:
            flux.repartir()
            yield morceau
            # Rien ne retient ce morceau pendant qu'on lit le suivant : il n'y en a jamais deux en mémoire.
            del morceau
    except pd.errors.EmptyDataError:
        return
    except pd.errors.ParserError as faute:
        raise FichierRefuse(ILLISIBLE.format(flux.vu.fins_de_ligne)) from faute


class _Depouilleur:
    """Cumule les morceaux : des clés entières (ESMS, mois, compte) et leur nombre, jamais une ligne."""

    def __init__(self, regles: Regles, vu: Compteur) -> None:
        import numpy as np

        self.np, self.regles, self.vu = np, regles, vu
        self.ecartees = Ecartees()
        self.comptes: dict[str, int] = {}
        self.parcours: dict[int, int] = {}
        self.jours: dict[str, int] = {}
        self.heures: dict[str, int] = {}
        self.usages, self.journees, self.cases = _Cumul(np), _Cumul(np), _Cumul(np)
        self.ligne = regles.ligne_entete + 1
        self.lues = self.retenues = self.hors_mois = self.doubles = 0

    def ajouter(self, morceau: Any) -> None:
        """Un morceau de plus."""
        np, rangs = self.np, self.regles.rangs
        lignes = np.arange(self.ligne, self.ligne + len(morceau))
        self.ligne += len(morceau)
        raisons = np.zeros(len(morceau), dtype=np.int8)
        vides = morceau.isna().to_numpy().all(axis=1)
        parcours = self._parcours(morceau[rangs[ESMS]] if ESMS in rangs else None, raisons)
        comptes, textes = self._comptes(morceau[rangs[COMPTE]], raisons)
        jours, minutes = self._instants(morceau[rangs[INSTANT]], raisons)
        _marquer(raisons, jours > self.regles.au.toordinal(), Raison.A_VENIR)
        self._ecarter_les_courriels(parcours, comptes, textes, raisons)
        if self.vu.nuls:
            raisons[np.isin(lignes, list(self.vu.nuls)) & ~vides] = Raison.OCTET_NUL
        raisons[vides] = 0
        self._noter(raisons, lignes)
        self.lues += len(morceau) - int(vides.sum())
        gardees = (raisons == 0) & ~vides
        mois = (jours.astype(np.int64) - _JOUR_1970).astype("M8[D]").astype("M8[M]").astype(np.int64)
        if self.regles.est_liste:
            gardees = self._du_mois(gardees, mois, jours)
        self.retenues += int(gardees.sum())
        lieux = self._lieux(morceau[rangs[LIEU]]) if LIEU in rangs and self.regles.horaires else None
        self._cumuler(gardees, parcours, mois, jours, comptes, minutes, lieux)

    def _parcours(self, colonne: Any, raisons: Any) -> Any:
        """Le rang de l'ESMS de chaque ligne ; un ESMS inconnu la met de côté."""
        np = self.np
        if colonne is None:
            assert self.regles.seul is not None
            return np.full(len(raisons), self._rang(self.regles.seul), dtype=np.int64)
        cles = [self.regles.parcours(str(mot)) for mot in colonne.cat.categories]
        table = np.array([-1 if cle is None else self._rang(cle) for cle in cles] + [-1], dtype=np.int64)
        codes = colonne.cat.codes.to_numpy()
        rendu = table[codes]
        _marquer(raisons, codes < 0, Raison.SANS_ESMS)
        _marquer(raisons, rendu < 0, Raison.ESMS_INCONNU)
        return rendu

    def _rang(self, cle: int) -> int:
        return self.parcours.setdefault(cle, len(self.parcours))

    def _comptes(self, colonne: Any, raisons: Any) -> tuple[Any, list[str]]:
        """Le rang du compte de chaque ligne, et les textes des comptes de ce morceau, dans l'ordre de leurs codes."""
        np = self.np
        textes = [str(mot).strip().casefold() for mot in colonne.cat.categories]
        table = np.array([self.comptes.setdefault(t, len(self.comptes)) if t else -1 for t in textes] + [-1])
        if len(self.comptes) > COMPTES_MAXIMAUX:
            raise FichierRefuse(TROP_DE_COMPTES)
        rendu = table[colonne.cat.codes.to_numpy()]
        _marquer(raisons, rendu < 0, Raison.SANS_COMPTE)
        return rendu, textes

    def _ecarter_les_courriels(self, parcours: Any, comptes: Any, textes: list[str], raisons: Any) -> None:
        """Un courriel n'est admis que s'il est l'identifiant d'un compte déjà connu de cet ESMS."""
        np = self.np
        courriels = [self.comptes[t] for t in textes if "@" in t]
        if not courriels:
            return
        suspects = np.flatnonzero(np.isin(comptes, courriels) & (raisons == 0))
        cles, noms = list(self.parcours), list(self.comptes)
        paires, rangs = np.unique((parcours[suspects] << _BITS_COMPTE) | comptes[suspects], return_inverse=True)
        inconnus = np.array(
            [
                noms[paire & ((1 << _BITS_COMPTE) - 1)] not in self.regles.connus.get(cles[paire >> _BITS_COMPTE], ())
                for paire in map(int, paires)
            ],
            dtype=bool,
        )
        if len(paires):
            raisons[suspects[inconnus[rangs]]] = Raison.COURRIEL

    def _instants(self, textes: Any, raisons: Any) -> tuple[Any, Any]:
        """Le jour (rang dans le calendrier) et la minute de chaque ligne, à l'heure de Paris."""
        np = self.np
        jours, minutes = np.zeros(len(textes), dtype=np.int32), np.full(len(textes), SANS_HEURE, dtype=np.int16)
        manquent = textes.isna().to_numpy()
        if self.regles.est_liste:
            # Un compte qui ne s'est jamais connecté n'a pas de date : il n'est pas fautif, il n'est pas de ce mois.
            jours[manquent] = 1
        else:
            _marquer(raisons, manquent, Raison.SANS_INSTANT)
        remplis = np.flatnonzero(~manquent)
        illisibles = np.zeros(len(textes), dtype=bool)
        for debut in range(0, len(remplis), TRANCHE_DE_TEXTES):
            restent = remplis[debut : debut + TRANCHE_DE_TEXTES]
            for largeur in LARGEURS:
                if not len(restent):
                    break
                restent = self._lire_a(largeur, textes, restent, jours, minutes, raisons)
            illisibles[restent] = True
        _marquer(raisons, illisibles, Raison.INSTANT_ILLISIBLE)
        return jours, minutes

    def _lire_a(self, largeur: int, textes: Any, places: Any, jours: Any, minutes: Any, raisons: Any) -> Any:
        """Lit les lignes dont le jour s'écrit sur `largeur` signes ; rend les places de celles qui restent à lire."""
        np = self.np
        pris = textes.iloc[places]
        ecrits = self._table(pris.str.slice(0, largeur), self.jours, _jour_en_entier)
        jour, avances, recules = ecrits & _MASQUE_JOUR, ecrits & _AVANCE > 0, ecrits & _RECULE > 0
        # Le reste ne se coupe que là où le jour se lit : c'est le plus cher.
        candidats = np.flatnonzero(jour)
        suites = pris.iloc[candidats] if len(candidats) < len(places) else pris
        heures = self._table(suites.str.slice(largeur), self.heures, _heure_en_entier)
        justes = heures >= 0
        minute, decalage = (heures & _MASQUE_MINUTE) - 1, (heures >> _BITS_MINUTE) - _DECALAGE_NUL
        lus = candidats[justes]
        jour, avances, recules = jour[lus], avances[lus], recules[lus]
        minute, decalage = minute[justes], decalage[justes]
        de_paris = decalage == SANS_DECALAGE
        dans_le_saut = de_paris & (minute >= SAUT.start) & (minute < SAUT.stop)
        self.doubles += int((dans_le_saut & recules).sum())
        raisons[places[lus[dans_le_saut & avances]]] = Raison.HEURE_INEXISTANTE
        if not de_paris.all():
            jour, minute = self._a_paris(jour, minute, decalage, ~de_paris)
        jours[places[lus]], minutes[places[lus]] = jour, minute
        return np.delete(places, lus)

    def _table(self, morceaux: Any, memoire: dict[str, int], lire: Callable[[str], int]) -> Any:
        """Ce que dit chaque morceau de texte, en un entier : un même texte n'est lu qu'une fois."""
        codes, differents = morceaux.factorize()
        textes = differents.tolist()
        if len(memoire) > MORCEAU:
            memoire.clear()
        for texte in set(textes).difference(memoire):
            memoire[texte] = lire(texte)
        return self.np.fromiter(map(memoire.__getitem__, textes), dtype=self.np.int32, count=len(textes))[codes]

    def _a_paris(self, jour: Any, minute: Any, decalage: Any, ailleurs: Any) -> tuple[Any, Any]:
        """Un décalage écrit (Z, +00:00) se ramène à l'heure de Paris : il peut changer de mois."""
        np = self.np
        utc = jour.astype(np.int64) * MINUTES_PAR_JOUR + minute - decalage
        ete = np.searchsorted(np.array(changements()), utc, side="right") % 2 == 1
        local = utc + np.where(ete, 120, 60)
        return (
            np.where(ailleurs, local // MINUTES_PAR_JOUR, jour),
            np.where(ailleurs, local % MINUTES_PAR_JOUR, minute),
        )

    def _lieux(self, colonne: Any) -> Any:
        """Le rang du lieu que dit chaque ligne ; un mot qui n'est pas relié n'en dit aucun."""
        mots = [_LIEUX.index(self.regles.lieux.get(normaliser(str(mot)), "")) for mot in colonne.cat.categories]
        return self.np.array([*mots, 0])[colonne.cat.codes.to_numpy()]

    def _du_mois(self, gardees: Any, mois: Any, jours: Any) -> Any:
        """D'une liste, seul le mois de l'extraction se compte : une date plus ancienne ne dit rien des autres mois."""
        au = self.regles.au
        de_ce_mois = gardees & (mois == (au.year - 1970) * 12 + au.month - 1) & (jours > 1)
        self.hors_mois += int(gardees.sum() - de_ce_mois.sum())
        return de_ce_mois

    def _noter(self, raisons: Any, lignes: Any) -> None:
        for raison in map(Raison, self.np.unique(raisons[raisons > 0]).tolist()):
            places = self.np.flatnonzero(raisons == raison)
            self.ecartees.ajouter(raison, len(places), lignes[places[:LIGNES_CITEES]].tolist())

    def _cumuler(
        self, gardees: Any, parcours: Any, mois: Any, jours: Any, comptes: Any, minutes: Any, lieux: Any
    ) -> None:
        np = self.np
        base = (parcours[gardees] << _BITS_MOIS) | mois[gardees]
        self.usages.ajouter((base << _BITS_COMPTE) | comptes[gardees])
        debuts = mois[gardees].astype("M8[M]").astype("M8[D]").astype(np.int64) + _JOUR_1970
        self.journees.ajouter((base << _BITS_JOUR) | (jours[gardees] - debuts))
        if self.regles.horaires and (ici := self._allumees(parcours[gardees], mois[gardees])).any():
            tranches = np.array([_TRANCHES.index(tranche_de(m)) for m in range(MINUTES_PAR_JOUR)] + [0])
            case = tranches[minutes[gardees][ici]] * len(_LIEUX)
            case = case + (lieux[gardees][ici] if lieux is not None else 0)
            self.cases.ajouter((((base[ici] << _BITS_CASE) | case) << _BITS_COMPTE) | comptes[gardees][ici])
        if len(self.usages.cles) > TRIPLETS_MAXIMAUX:
            raise FichierRefuse(TROP_DE_COMPTES)

    def _allumees(self, parcours: Any, mois: Any) -> Any:
        """Les lignes des ESMS dont les heures sont allumées, à partir du premier mois entier d'après le CSE."""
        depuis = {
            rang: (le.year - 1970) * 12 + le.month - 1 + (le.day > 1)
            for cle, le in self.regles.horaires.items()
            if (rang := self.parcours.get(cle)) is not None
        }
        table = self.np.array([depuis.get(rang, 1 << _BITS_MOIS) for rang in range(len(self.parcours))] or [0])
        return mois >= table[parcours]

    def rendre(self) -> Depouillement:
        """Les mois, une fois tout lu."""
        avalees = self.vu.lignes - self.ligne + 1
        if avalees > 0:
            self.ecartees.ajouter(Raison.GUILLEMET, avalees, [])
            self.lues += avalees
        cles, noms = list(self.parcours), list(self.comptes)
        mois: dict[int, MoisLu] = {}
        for base, rang in _decoupees(self.journees, _BITS_JOUR):
            jour = date.fromordinal(_debut(base).toordinal() + rang)
            lu = mois.get(base)
            if lu is None:
                mois[base] = MoisLu(cles[base >> _BITS_MOIS], _debut(base), {}, jour, jour)
            else:
                lu.premier, lu.dernier = min(lu.premier, jour), max(lu.dernier, jour)
        for (base, compte), nombre in zip(_decoupees(self.usages, _BITS_COMPTE), self.usages.nombres, strict=True):
            mois[base].comptes[noms[compte]] = int(nombre)
        for (case, compte), nombre in zip(_decoupees(self.cases, _BITS_COMPTE), self.cases.nombres, strict=True):
            tranche, lieu = divmod(case & ((1 << _BITS_CASE) - 1), len(_LIEUX))
            vus = mois[case >> _BITS_CASE].cases.setdefault((_TRANCHES[tranche], _LIEUX[lieu]), {})
            vus[noms[compte]] = int(nombre)
        return Depouillement(
            mois=list(mois.values()),
            lues=self.lues,
            retenues=self.retenues,
            hors_mois=self.hors_mois,
            doubles=self.doubles,
            ecartees=self.ecartees,
            premier=min((m.premier for m in mois.values()), default=None),
            dernier=max((m.dernier for m in mois.values()), default=None),
        )


class _Cumul:
    """Des clés entières et combien de fois chacune, tenues triées."""

    def __init__(self, np: Any) -> None:
        self.np = np
        self.cles = np.zeros(0, dtype=np.int64)
        self.nombres = np.zeros(0, dtype=np.int64)

    def ajouter(self, cles: Any) -> None:
        """Compte ces clés avec les autres."""
        np = self.np
        neuves, combien = np.unique(cles, return_counts=True)
        self.cles, rangs = np.unique(np.concatenate([self.cles, neuves]), return_inverse=True)
        poids = np.concatenate([self.nombres, combien])
        self.nombres = np.bincount(rangs, weights=poids, minlength=len(self.cles)).astype(np.int64)


def _jour_en_entier(texte: str) -> int:
    """Le rang du jour, et si l'heure y avance ou y recule ; 0 si ce n'en est pas un."""
    jour = lire_jour(texte)
    return jour.toordinal() | avance(jour) * _AVANCE | recule(jour) * _RECULE if jour else 0


def _heure_en_entier(texte: str) -> int:
    """La minute et le décalage, dans un même entier ; -1 si ce n'est pas une heure."""
    heure = lire_heure(texte)
    return (heure.decalage + _DECALAGE_NUL) << _BITS_MINUTE | (heure.minutes + 1) if heure else -1


def _marquer(raisons: Any, ou: Any, raison: Raison) -> None:
    """Donne cette raison aux lignes qui n'en ont pas encore."""
    raisons[ou & (raisons == 0)] = raison


def _decoupees(cumul: _Cumul, bits: int) -> Iterator[tuple[int, int]]:
    """La partie haute et la partie basse de chaque clé."""
    masque = (1 << bits) - 1
    return ((cle >> bits, cle & masque) for cle in map(int, cumul.cles))


def _debut(base: int) -> date:
    mois = base & ((1 << _BITS_MOIS) - 1)
    return date(1970 + mois // 12, mois % 12 + 1, 1)
