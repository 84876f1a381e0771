"""Ce qu'une matrice demande d'expliquer : des incohérences, des portées locales. Rien ne se tranche ici. Module pur."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from formation.calculs.matrice import RANG_DROIT, Cases, donne
from formation.enums import DroitAcces, NatureRegle, PorteeAcces
from programme.socle.nombres import quelques
from programme.socle.texte import en_phrase

MEDICAUX = "medicaux"
PORTEE, TOUTE_LA_MATRICE = "portee", "*"
"""Règle d'un choix de portée, qui n'est pas une incohérence ; clé d'une raison qui vaut pour toute la matrice."""


@dataclass(frozen=True, slots=True)
class ProfilLu:
    """Ce que les règles lisent d'un profil ; `cle` : celle de ses cases."""

    cle: int
    code: str
    nom: str
    nature: str


@dataclass(frozen=True, slots=True)
class ModuleLu:
    """Ce que les règles lisent d'un module."""

    cle: int
    code: str
    nom: str
    est_medical: bool = False


@dataclass(frozen=True, slots=True)
class RegleLue:
    """Une règle, telle que la donnée la dit."""

    code: str
    libelle: str
    nature: str
    natures: Sequence[str] = ()
    modules: Sequence[str] = ()
    droit: str = DroitAcces.LECTURE.value


@dataclass(frozen=True, slots=True)
class Manquement:
    """Ce qui demande une raison : la règle, ce qu'elle vise (stable d'une version à l'autre), la phrase à lire."""

    regle: str
    cle: str
    phrase: str

    @property
    def est_portee(self) -> bool:
        """Vrai pour un choix de portée : il s'explique, il n'a rien d'incohérent."""
        return self.regle == PORTEE


def _vises(regle: RegleLue, modules: Iterable[ModuleLu]) -> list[ModuleLu]:
    """Les modules que nomme la règle ; tous si elle n'en nomme pas."""
    if not regle.modules:
        return list(modules)
    return [m for m in modules if m.code in regle.modules or (m.est_medical and MEDICAUX in regle.modules)]


def _atteint(cases: Cases, profil: int, module: int, droit: str) -> bool:
    case = cases.get((profil, module))
    return case is not None and donne(case) and RANG_DROIT[case[0]] >= RANG_DROIT[droit]


def _droits_inattendus(
    regle: RegleLue, profils: Iterable[ProfilLu], modules: Sequence[ModuleLu], cases: Cases
) -> list[Manquement]:
    return [
        Manquement(
            regle.code,
            f"{p.code}:{m.code}",
            f"{regle.libelle} : « {p.nom} », {DroitAcces(cases[p.cle, m.cle][0]).label.lower()} dans « {m.nom} ».",
        )
        for p in profils
        if p.nature in regle.natures
        for m in _vises(regle, modules)
        if _atteint(cases, p.cle, m.cle, regle.droit)
    ]


def _personne_ne(
    regle: RegleLue, profils: Sequence[ProfilLu], modules: Sequence[ModuleLu], cases: Cases
) -> list[Manquement]:
    sans = [m for m in _vises(regle, modules) if not any(_atteint(cases, p.cle, m.cle, regle.droit) for p in profils)]
    if not regle.modules:
        partout = len(sans) == len(modules)
        return [Manquement(regle.code, TOUTE_LA_MATRICE, f"{regle.libelle}.")] if partout else []
    return [Manquement(regle.code, m.code, f"{regle.libelle} : « {m.nom} ».") for m in sans]


def verifier(
    regles: Iterable[RegleLue],
    profils: Sequence[ProfilLu],
    modules: Sequence[ModuleLu],
    cases: Cases,
    metiers_sans_profil: Mapping[str, str],
) -> list[Manquement]:
    """Les manquements aux règles, dans leur ordre. `metiers_sans_profil` : code → nom des métiers tenus sans profil."""
    rendu: list[Manquement] = []
    for regle in regles:
        if regle.nature == NatureRegle.DROIT_INATTENDU:
            rendu += _droits_inattendus(regle, profils, modules, cases)
        elif regle.nature == NatureRegle.PERSONNE_NE:
            rendu += _personne_ne(regle, profils, modules, cases)
        elif regle.nature == NatureRegle.METIER_SANS_PROFIL:
            rendu += [
                Manquement(regle.code, code, f"{regle.libelle} : {nom}.") for code, nom in metiers_sans_profil.items()
            ]
    return rendu


def portees_a_motiver(
    profils: Sequence[ProfilLu], modules: Sequence[ModuleLu], cases: Cases, modele: Cases
) -> list[Manquement]:
    """Les profils dont une portée n'est pas celle du modèle (sans case au modèle, « unité ») : un choix à expliquer."""
    rendu = []
    for p in profils:
        dites: dict[str, list[str]] = {}
        for m in modules:
            case, attendue = cases.get((p.cle, m.cle)), modele.get((p.cle, m.cle))
            voulue = attendue[1] if attendue and donne(attendue) else PorteeAcces.UNITE.value
            if case is not None and donne(case) and case[1] != voulue:
                dites.setdefault(case[1], []).append(m.nom)
        if dites:
            quoi = " ; ".join(
                f"{en_phrase(PorteeAcces(portee).label)} pour {quelques(noms)}"
                for portee, noms in sorted(dites.items())
            )
            rendu.append(Manquement(PORTEE, p.code, f"« {p.nom} » : {quoi}."))
    return rendu


def restent(manquements: Iterable[Manquement], donnees: Iterable[tuple[str, str]]) -> list[Manquement]:
    """Ceux qui n'ont pas encore leur raison ; celle de toute la matrice vaut pour chaque portée."""
    dites = set(donnees)
    toutes = (PORTEE, TOUTE_LA_MATRICE) in dites
    return [m for m in manquements if (m.regle, m.cle) not in dites and not (m.est_portee and toutes)]
