"""Choisir parmi des unités classées sous quotas, plafonds et cas gardés exprès ; et dire pourquoi. Module pur.

La règle, dans l'ordre : les cas gardés exprès entrent d'abord ; aucun plafond n'est dépassé, sauf par eux ; il manque
le moins possible aux quotas ; le moins possible d'autres places restent vides ; puis, du premier au dernier, le mieux
classé entre s'il laisse de quoi remplir le reste. Un seul résultat suit cette règle, quel que soit l'ordre où les
candidats sont donnés. La recherche est exacte, et bornée (`faisabilite.BORNE`). Une place dont le quota est impossible
reste vide : la donner à un autre est un choix qu'on ne fait pas à la place de quelqu'un.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from programme.socle.nombres import accorde, en_lettres, liste
from usages.calculs.classement import Place
from usages.calculs.faisabilite import BORNE, Groupe, Recherche, Sorte, TropDeCombinaisons
from usages.calculs.unites_entonnoir import Motif, Raison, Unite

CANDIDATS, PLACES = 200, 12
"""Au plus : ce pour quoi la recherche est faite et mesurée."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Tant de places au moins pour une valeur d'un fait. `libelle` : « Domicile » ; `de` : « de son secteur »."""

    fait: str
    valeur: str
    nombre: int
    libelle: str
    de: str = "de son secteur"

    @property
    def code(self) -> str:
        """« secteur=PA »."""
        return f"{self.fait}={self.valeur}"

    def sert(self, unite: Unite) -> bool:
        """Vrai si cette unité compte dans ce quota."""
        return unite.faits.get(self.fait) == self.valeur


@dataclass(frozen=True, slots=True)
class Plafond:
    """Tant au plus pour une valeur d'un fait. `libelle` : « de la même région ». Un fait inconnu n'y compte pas."""

    fait: str
    au_plus: int
    libelle: str

    @property
    def en_clair(self) -> str:
        """« au plus deux de la même région »."""
        return f"au plus {en_lettres(self.au_plus)} {self.libelle}"


@dataclass(frozen=True, slots=True)
class Partage:
    """Ce qu'on cherche. `gardes` : ref d'un cas de contraste → pourquoi on le garde exprès.

    Lève `ValueError` si cela ne tient pas debout (quotas plus nombreux que les places, cas gardé sans motif…).
    """

    places: int
    quotas: tuple[Quota, ...] = ()
    plafonds: tuple[Plafond, ...] = ()
    gardes: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Vérifie les nombres, les doublons et les motifs."""
        if not 1 <= self.places <= PLACES:
            raise ValueError(f"De 1 à {PLACES} places : {self.places} ne convient pas.")
        if any(q.nombre < 1 for q in self.quotas) or any(p.au_plus < 1 for p in self.plafonds):
            raise ValueError("Un quota ou un plafond vaut au moins 1 ; sinon, ôtez-le.")
        if len({q.code for q in self.quotas}) < len(self.quotas):
            raise ValueError("Deux quotas portent sur la même valeur : n'en gardez qu'un.")
        if len({p.fait for p in self.plafonds}) < len(self.plafonds):
            raise ValueError("Deux plafonds portent sur le même fait : n'en gardez qu'un.")
        for fait in self.faits_des_quotas:
            if (total := sum(q.nombre for q in self.quotas if q.fait == fait)) > self.places:
                raise ValueError(f"Les quotas demandent {total} places, il y en a {self.places}.")
        if len(self.motifs) > self.places:
            raise ValueError(f"{len(self.motifs)} cas gardés exprès pour {accorde(self.places, 'place')}.")
        if any(not motif.strip() for motif in self.motifs.values()):
            raise ValueError("Un cas gardé exprès dit pourquoi.")

    @property
    def motifs(self) -> Mapping[str, str]:
        """Les cas gardés exprès ; vide s'il n'y en a pas."""
        return self.gardes or {}

    @property
    def faits_des_quotas(self) -> tuple[str, ...]:
        """Les faits sur lesquels portent des quotas, dans l'ordre où ils sont déclarés."""
        return tuple(dict.fromkeys(q.fait for q in self.quotas))

    def en_donnees(self) -> dict[str, Any]:
        """De quoi le garder en JSON."""
        return {
            "places": self.places,
            "quotas": [[q.fait, q.valeur, q.nombre, q.libelle, q.de] for q in self.quotas],
            "plafonds": [[p.fait, p.au_plus, p.libelle] for p in self.plafonds],
            "gardes": dict(sorted(self.motifs.items())),
        }


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce qu'il advient d'un candidat."""

    place: Place
    est_retenu: bool
    raisons: tuple[Raison, ...]


@dataclass(frozen=True, slots=True)
class Manque:
    """Un quota qu'on ne peut pas remplir : de combien, et ce qui le remplirait."""

    quota: Quota
    nombre: int
    candidats: int
    pistes: tuple[str, ...] = ()

    @property
    def en_clair(self) -> str:
        """« Quota « Domicile » impossible : il en manque 1 sur 1, aucun candidat. »"""
        ont = accorde(self.candidats, "candidat") if self.candidats else "aucun candidat"
        dit = f"Quota « {self.quota.libelle} » impossible : il en manque {self.nombre} sur {self.quota.nombre}, {ont}."
        return f"{dit} Il se remplit {', ou '.join(self.pistes)}." if self.pistes else dit


@dataclass(frozen=True, slots=True)
class Attribution:
    """Un choix par candidat, dans l'ordre du classement. `vides` : places hors quota que rien ne remplit."""

    choix: tuple[Choix, ...]
    manques: tuple[Manque, ...] = ()
    vides: int = 0
    remarques: tuple[str, ...] = ()
    pas: int = 0

    @property
    def retenus(self) -> tuple[Unite, ...]:
        """Les unités retenues, de la mieux classée à la dernière."""
        return tuple(c.place.unite for c in self.choix if c.est_retenu)


def attribuer(places: Sequence[Place], partage: Partage, borne: int = BORNE) -> Attribution:
    """Les places données aux candidats classés, avec la raison de chacun.

    Lève `ValueError` si un cas gardé n'est pas candidat ou s'ils sont trop nombreux, `TropDeCombinaisons` à la borne.
    """
    if len(places) > CANDIDATS:
        raise ValueError(f"{CANDIDATS} candidats au plus : ils sont {len(places)}.")
    resolution = _Resolution(sorted(places, key=lambda p: p.rang), partage, borne)
    return resolution.attribuer()


class _Resolution:
    """Une sélection en cours : la recherche du meilleur choix, puis ses raisons."""

    def __init__(self, places: Sequence[Place], partage: Partage, borne: int) -> None:
        self.places, self.partage = places, partage
        self.unites = [p.unite for p in places]
        rangs = {u.ref: i for i, u in enumerate(self.unites)}
        if inconnus := sorted(set(partage.motifs) - set(rangs)):
            raise ValueError(f"Gardés exprès, mais absents du classement : {', '.join(inconnus)}.")
        self.gardes = sorted(rangs[ref] for ref in partage.motifs)
        self.membres: dict[tuple[int, str], list[int]] = {}
        for i, unite in enumerate(self.unites):
            for p, plafond in enumerate(partage.plafonds):
                if (valeur := unite.faits.get(plafond.fait)) not in (None, ""):
                    self.membres.setdefault((p, str(valeur)), []).append(i)
        self.cles = list(self.membres)
        self.deja = [len(set(self.membres[cle]) & set(self.gardes)) for cle in self.cles]
        # Un cas gardé exprès passe avant un plafond : c'est une décision, et la dépasser se dit.
        groupes = [
            Groupe(p, max(partage.plafonds[p].au_plus, deja)) for (p, _), deja in zip(self.cles, self.deja, strict=True)
        ]
        self.recherche = Recherche(
            [self._sorte(i) for i in range(len(self.unites))], groupes, [q.fait for q in partage.quotas], borne
        )

    def _sorte(self, i: int) -> Sorte:
        quotas = frozenset(q for q, quota in enumerate(self.partage.quotas) if quota.sert(self.unites[i]))
        return quotas, frozenset(g for g, cle in enumerate(self.cles) if i in self.membres[cle])

    # --- le meilleur choix -------------------------------------------------------------------------------------------

    def attribuer(self) -> Attribution:
        """Le choix, ses raisons, ce qui manque."""
        vides, niveau = self.niveau()
        solutions = (self._choisir(cedes, self._taille(cedes) - vides) for cedes in niveau)
        choisis, cedes = min(solutions, key=lambda s: (-len(s[0]), s[0]))
        raisons = _Raisons(self, choisis, cedes, self._taille(cedes) - vides)
        choix = tuple(Choix(place, i in choisis, raisons.de(i)) for i, place in enumerate(self.places))
        manques = tuple(self._manque(q, n, sum(cedes)) for q, n in enumerate(cedes) if n)
        return Attribution(choix, manques, vides, tuple(self._remarques()), self.recherche.pas)

    def niveau(self) -> tuple[int, list[tuple[int, ...]]]:
        """Le moins de places vides : hors quota, et les façons de céder le moins de places de quota."""
        quotas = self.partage.quotas
        for cede in range(sum(q.nombre for q in quotas) + 1):
            facons = list(_repartir(cede, [q.nombre for q in quotas]))
            for vides in range(self.partage.places + 1):
                if tiennent := [f for f in facons if self._tient(f, vides)]:
                    return vides, tiennent
        raise AssertionError("Les cas gardés exprès, seuls, tiennent toujours.")

    def _tient(self, cedes: tuple[int, ...], vides: int) -> bool:
        libres = [i for i in range(len(self.unites)) if i not in self.gardes]
        return self.recherche.possible(self.gardes, libres, self.besoins(cedes), self._taille(cedes) - vides)

    def besoins(self, cedes: Sequence[int]) -> list[int]:
        """Ce que chaque quota demande, une fois cédé ce qui manque."""
        return [q.nombre - n for q, n in zip(self.partage.quotas, cedes, strict=True)]

    def _taille(self, cedes: Sequence[int]) -> int:
        """Les places à remplir : une place cédée par un quota reste vide, sauf si un cas gardé exprès la prend."""
        vides = 0
        for fait in self.partage.faits_des_quotas:
            siens = [(q, n) for q, n in zip(self.partage.quotas, cedes, strict=True) if q.fait == fait]
            servent = sum(min(q.nombre, sum(q.sert(self.unites[i]) for i in self.gardes)) for q, _ in siens)
            libres = self.partage.places - sum(q.nombre for q, _ in siens)
            prises = max(0, len(self.gardes) - servent - libres)
            vides = max(vides, sum(n for _, n in siens) - prises)
        return self.partage.places - vides

    def _choisir(self, cedes: tuple[int, ...], taille: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        besoins, choisis = self.besoins(cedes), list(self.gardes)
        for i in range(len(self.unites)):
            if len(choisis) == taille:
                break
            if i not in self.gardes and self.recherche.possible([*choisis, i], self.apres(i), besoins, taille):
                choisis.append(i)
        return tuple(sorted(choisis)), cedes

    def apres(self, i: int) -> list[int]:
        """Les moins bien classés qui ne sont pas déjà gardés."""
        return [j for j in range(i + 1, len(self.unites)) if j not in self.gardes]

    # --- ce qui manque -----------------------------------------------------------------------------------------------

    def _manque(self, q: int, nombre: int, total: int) -> Manque:
        quota, partage = self.partage.quotas[q], self.partage
        essais = [
            (f"sans « {p.en_clair} »", replace(partage, plafonds=tuple(x for x in partage.plafonds if x != p)))
            for p in partage.plafonds
        ]
        if partage.motifs:
            essais.append(("sans les cas gardés exprès", replace(partage, gardes=None)))
        pistes = tuple(dit for dit, autre in essais if self._remplit(autre, q, total))
        return Manque(quota, nombre, sum(quota.sert(u) for u in self.unites), pistes)

    def _remplit(self, partage: Partage, q: int, total: int) -> bool:
        """Vrai si, ainsi, ce quota se remplit et l'ensemble y gagne ; faux si la borne empêche de le savoir."""
        try:
            _, facons = _Resolution(self.places, partage, self.recherche.borne).niveau()
        except TropDeCombinaisons:
            return False
        return sum(facons[0]) < total and any(f[q] == 0 for f in facons)

    def _remarques(self) -> Iterator[str]:
        for (p, valeur), deja in zip(self.cles, self.deja, strict=True):
            plafond = self.partage.plafonds[p]
            if deja > plafond.au_plus:
                yield f"Les cas gardés exprès dépassent « {plafond.en_clair} » : {deja} pour « {valeur} »."
        for p, plafond in enumerate(self.partage.plafonds):
            connus = {i for (x, _), membres in self.membres.items() if x == p for i in membres}
            if inconnus := len(self.unites) - len(connus):
                dits = accorde(inconnus, "candidat")
                yield f"{dits} sans « {plafond.fait} » connu : « {plafond.en_clair} » ne les compte pas."


class _Raisons:
    """Pourquoi chacun est retenu ou non, selon ce qui était déjà pris par de mieux classés ou gardé exprès."""

    def __init__(self, resolution: _Resolution, choisis: Sequence[int], cedes: Sequence[int], taille: int) -> None:
        self.r, self.choisis, self.cedes, self.taille = resolution, choisis, cedes, taille
        self.quotas, self.unites = resolution.partage.quotas, resolution.unites

    def de(self, i: int) -> tuple[Raison, ...]:
        """Les raisons d'un candidat, la principale d'abord."""
        if i in self.r.gardes:
            return (
                Raison(Motif.GARDE, f"gardé{self.unites[i].e} exprès, {self.r.partage.motifs[self.unites[i].ref]}"),
            )
        if i in self.choisis:
            return (self._rang(i),)
        deja = [j for j in self.choisis if j < i or j in self.r.gardes]
        return (*self._places(i, deja), *self._diversite(i, deja)) or (self._reserve(i, deja),)

    def _rang(self, i: int) -> Raison:
        quota = next((q for q in self.quotas if q.sert(self.unites[i])), None)
        pairs = [j for j, u in enumerate(self.unites) if quota is None or quota.sert(u)]
        devant = [self.unites[j].nom for j in pairs if j < i and j not in self.choisis]
        rang, e = pairs.index(i) + 1, self.unites[i].e
        dit = f"premi{'ère' if e else 'er'}" if rang == 1 else f"{rang}e"
        dit += f" {quota.de} ({quota.libelle})" if quota else " du classement"
        if devant:
            dit += f", {accorde(len(devant), 'mieux classé non retenu,mieux classés non retenus')}"
        return Raison(Motif.RANG, dit, quota.code if quota else "", tuple(self.unites[j].ref for j in pairs if j < i))

    def _places(self, i: int, deja: Sequence[int]) -> Iterator[Raison]:
        """Quota pris, places prises, ou places réservées à d'autres quotas."""
        libres = self.taille - len(deja)
        besoins = [
            max(0, n - self._nombre(q, deja)) for q, n in zip(self.quotas, self.r.besoins(self.cedes), strict=True)
        ]
        for fait in self.r.partage.faits_des_quotas:
            siens = [q for q in self.quotas if q.fait == fait]
            sien = next((q for q in siens if q.sert(self.unites[i])), None)
            attendus = [q for q, n in zip(self.quotas, besoins, strict=True) if q.fait == fait and n]
            if libres > sum(n for q, n in zip(self.quotas, besoins, strict=True) if q.fait == fait) or sien in attendus:
                continue
            if sien and self._nombre(sien, deja) >= sien.nombre:
                pris = [j for j in deja if sien.sert(self.unites[j])]
                dit = f"le quota « {sien.libelle} » est pris par {self._nommer(pris)}"
                yield Raison(Motif.QUOTA, dit, sien.code, self._refs(pris))
            elif attendus:
                dit = f"les places qui restent vont à {liste(f'« {q.libelle} »' for q in attendus)}"
                yield Raison(Motif.PLACES, dit, fait)
        if not libres and not any(q.sert(self.unites[i]) for q in self.quotas):
            mot = "la place est prise" if self.taille == 1 else f"les {en_lettres(self.taille)} places sont prises"
            yield Raison(Motif.PLACES, f"{mot} par de mieux classés, ou gardés exprès", par=self._refs(deja))

    def _diversite(self, i: int, deja: Sequence[int]) -> Iterator[Raison]:
        reste = self.r.recherche.reste(deja)
        for g in sorted(self.r.recherche.sortes[i][1]):
            if reste[g] > 0:
                continue
            (p, valeur), plafond = self.r.cles[g], self.r.partage.plafonds[self.r.cles[g][0]]
            pris = [j for j in deja if j in self.r.membres[p, valeur]]
            dit = f"par la diversité, déjà {en_lettres(len(pris), feminin=bool(self.unites[i].e))} {plafond.libelle}"
            yield Raison(Motif.DIVERSITE, f"{dit} ({valeur}) : {self._nommer(pris)}", plafond.fait, self._refs(pris))

    def _reserve(self, i: int, deja: Sequence[int]) -> Raison:
        """Rien n'est plein encore : le prendre empêcherait de remplir la suite. On cherche quel quota en pâtirait."""
        besoins, pris = self.r.besoins(self.cedes), [*deja, i]
        dit = f"{'la' if self.unites[i].e else 'le'} prendre ne laisserait plus de quoi remplir"
        for q, quota in enumerate(self.quotas):
            du = max(0, besoins[q] - self._nombre(quota, pris))
            moins = [self._nombre(quota, pris) if x == q else n for x, n in enumerate(besoins)]
            if du and self.r.recherche.possible(pris, self.r.apres(i), moins, self.taille - du):
                return Raison(Motif.RESERVE, f"{dit} « {quota.libelle} »", quota.code)
        return Raison(Motif.RESERVE, f"{dit} toutes les places")

    def _nombre(self, quota: Quota, parmi: Sequence[int]) -> int:
        return sum(quota.sert(self.unites[j]) for j in parmi)

    def _refs(self, rangs: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.unites[j].ref for j in rangs)

    def _nommer(self, pris: Sequence[int]) -> str:
        """« X et Y, mieux classés, et Z, gardé exprès »."""
        gardes = [self.unites[j] for j in pris if j in self.r.gardes]
        mieux = [self.unites[j] for j in pris if j not in self.r.gardes]
        return ", et ".join(
            f"{liste(u.nom for u in unites)}, {mot.format(unites[0].e + 's' * (len(unites) > 1))}"
            for unites, mot in ((mieux, "mieux classé{}"), (gardes, "gardé{} exprès"))
            if unites
        )


def _repartir(total: int, maxima: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Toutes les façons de répartir ce total, sans dépasser chaque maximum."""
    if not maxima:
        if total == 0:
            yield ()
        return
    for n in range(min(total, maxima[0]), -1, -1):
        for suite in _repartir(total - n, maxima[1:]):
            yield (n, *suite)
