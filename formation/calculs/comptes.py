"""Les comptes signalés par l'éditeur face aux personnes : à qui est chacun, et ce qui ne va pas. Module pur.

On rapproche par le matricule ; à défaut par le nom, s'il est exact et n'est celui que d'une personne. Le reste se fait
à la main : un compte attribué à tort donnerait tort à quelqu'un.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formation.enums import EcartCompte


@dataclass(frozen=True, slots=True)
class Personne:
    """Une personne de l'ESMS, sortis compris. `nom` : déjà normalisé. `attendue` : elle doit avoir un compte.

    `presente` : en poste (renforts compris) ou à venir, son compte n'a rien d'un oubli. `profils` : ceux de ses postes.
    """

    cle: int
    matricule: str = ""
    nom: str = ""
    attendue: bool = True
    presente: bool = True
    profils: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Signale:
    """Une ligne du fichier de l'éditeur ; `nom` déjà normalisé, lu pour rapprocher et oublié aussitôt."""

    identifiant: str
    matricule: str = ""
    nom: str = ""
    est_partage: bool = False


@dataclass(frozen=True, slots=True)
class Compte:
    """Un compte connu : à qui il est (None : pas rapproché), s'il est actif, partagé, avec quel profil."""

    cle: int
    personne: int | None = None
    est_actif: bool = True
    est_partage: bool = False
    profil: int | None = None


@dataclass(frozen=True, slots=True)
class Ecarts:
    """Clés de personnes pour `MANQUANT`, de comptes pour les autres écarts ; chacun dans l'ordre où on les a donnés."""

    par_ecart: Mapping[EcartCompte, tuple[int, ...]]

    def __getitem__(self, ecart: EcartCompte) -> tuple[int, ...]:
        return self.par_ecart[ecart]

    @property
    def nombres(self) -> dict[EcartCompte, int]:
        """Combien de chaque."""
        return {ecart: len(cles) for ecart, cles in self.par_ecart.items()}


def _seules(paires: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Ce qui ne désigne qu'une personne."""
    vues: dict[str, set[int]] = {}
    for mot, cle in paires:
        if mot:
            vues.setdefault(mot, set()).add(cle)
    return {mot: cles.pop() for mot, cles in vues.items() if len(cles) == 1}


def rapprocher(signales: Iterable[Signale], personnes: Iterable[Personne]) -> dict[str, int | None]:
    """Identifiant → clé de la personne, ou None. Un compte partagé n'est à personne.

    Un matricule inconnu ne se rattrape pas par le nom : les deux se contrediraient.
    """
    connues = list(personnes)
    par_matricule = _seules((p.matricule, p.cle) for p in connues)
    par_nom = _seules((p.nom, p.cle) for p in connues)
    return {
        s.identifiant: None if s.est_partage else par_matricule.get(s.matricule) if s.matricule else par_nom.get(s.nom)
        for s in signales
    }


def _ecart_de(compte: Compte, personnes: Mapping[int, Personne]) -> EcartCompte | None:
    """Ce qui ne va pas pour ce compte : une chose au plus, la plus pressante ; rien pour un compte inactif."""
    if not compte.est_actif:
        return None
    if compte.est_partage:
        return EcartCompte.PARTAGE
    personne = personnes.get(compte.personne) if compte.personne is not None else None
    if personne is None:
        return EcartCompte.EN_TROP
    if not personne.presente:
        return EcartCompte.SORTI_ACTIF
    if compte.profil is not None and personne.profils and compte.profil not in personne.profils:
        return EcartCompte.PROFIL
    return None


def ecarts(comptes: Iterable[Compte], personnes: Iterable[Personne]) -> Ecarts:
    """Ce qui distingue les comptes signalés des personnes en poste."""
    connues = {p.cle: p for p in personnes}
    par_ecart: dict[EcartCompte, list[int]] = {ecart: [] for ecart in EcartCompte}
    pourvues: set[int] = set()
    for compte in comptes:
        if compte.est_actif and compte.personne is not None:
            pourvues.add(compte.personne)
        if ecart := _ecart_de(compte, connues):
            par_ecart[ecart].append(compte.cle)
    par_ecart[EcartCompte.MANQUANT] = [p.cle for p in connues.values() if p.attendue and p.cle not in pourvues]
    return Ecarts({ecart: tuple(cles) for ecart, cles in par_ecart.items()})
