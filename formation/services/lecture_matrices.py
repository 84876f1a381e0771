"""Une matrice telle qu'on la montre : la grille, ce qui la distingue, ce qu'on en a expliqué."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from formation.calculs.coherence import PORTEE, TOUTE_LA_MATRICE, Manquement, restent
from formation.calculs.matrice import LETTRES, MOTS_PORTEE, RANG_DROIT, Case, Cases, Cle, Ecart, Noms, comparer, donne
from formation.enums import DroitAcces, PorteeAcces
from formation.models import Matrice, Profil, RaisonHabilitation
from formation.services import matrices
from programme.models import Module, Utilisateur
from programme.socle.texte import en_phrase

AUCUN: Case = (DroitAcces.AUCUN.value, PorteeAcces.UNITE.value)


def en_mots(case: Case | None) -> str:
    """« écriture, les personnes de l'unité » ; « aucun droit »."""
    if case is None or not donne(case):
        return "aucun droit"
    return f"{DroitAcces(case[0]).label.lower()}, {en_phrase(PorteeAcces(case[1]).label)}"


def valeur_de(case: Case | None) -> str:
    """Ce que porte la saisie d'une case : « ecriture:unite », « aucun »."""
    return f"{case[0]}:{case[1]}" if case is not None and donne(case) else DroitAcces.AUCUN.value


CHOIX: tuple[tuple[str, str, str], ...] = (
    (DroitAcces.AUCUN.value, "A", "aucun droit"),
    *(
        (f"{droit}:{portee}", f"{LETTRES[droit]} {MOTS_PORTEE[portee]}", en_mots((droit, portee)))
        for droit in DroitAcces.values
        if droit != DroitAcces.AUCUN
        for portee in (PorteeAcces.UNITE.value, PorteeAcces.TOUTES.value, PorteeAcces.SUIVIES.value)
    ),
)
"""Les choix d'une case : valeur, texte court, texte lu. La lettre d'abord : le clavier y mène."""


@dataclass(frozen=True, slots=True)
class CaseLue:
    """Une case à montrer ; `ecart` : ce qui la distingue de la référence ; `signalee` : à relire."""

    profil: Profil
    module: Module
    case: Case | None
    ecart: Ecart | None = None
    signalee: bool = False

    @property
    def nom(self) -> str:
        """Le nom de sa saisie."""
        return f"c-{self.profil.pk}-{self.module.pk}"

    @property
    def valeur(self) -> str:
        """Ce que porte sa saisie."""
        return valeur_de(self.case)

    @property
    def rang(self) -> int:
        """De 0, aucun droit, à 4."""
        return RANG_DROIT[self.case[0]] if self.case else 0

    @property
    def lettre(self) -> str:
        """L'initiale du droit ; vide s'il n'y en a pas."""
        return LETTRES[self.case[0]] if self.case is not None and donne(self.case) else ""

    @property
    def portee(self) -> str:
        """Le mot de la portée ; vide sans droit."""
        return MOTS_PORTEE[self.case[1]] if self.case is not None and donne(self.case) else ""

    @property
    def portee_locale(self) -> bool:
        """Vrai si la portée n'est pas « unité » : elle se lit d'un coup d'œil."""
        return bool(self.portee) and self.case is not None and self.case[1] != PorteeAcces.UNITE

    @property
    def mots(self) -> str:
        """Le droit et la portée, en entier."""
        return en_mots(self.case)

    @property
    def avant(self) -> str:
        """Ce que dit la référence, en entier."""
        return en_mots(self.ecart.avant) if self.ecart else ""


@dataclass(frozen=True)
class Grille:
    """La grille : ses colonnes, ses lignes."""

    modules: Sequence[Module]
    lignes: Sequence[tuple[Profil, Sequence[CaseLue]]]

    @property
    def noms_profils(self) -> Noms:
        """Ses lignes, pour lire un bloc."""
        return [(p.pk, p.nom) for p, _ in self.lignes]

    @property
    def noms_modules(self) -> Noms:
        """Ses colonnes, pour lire un bloc."""
        return [(m.pk, m.nom) for m in self.modules]

    @property
    def debout(self) -> bool:
        """Vrai si les entêtes se dressent : la grille est large."""
        return len(self.modules) > 7

    @property
    def nb_cases(self) -> int:
        """Le nombre de cases."""
        return len(self.lignes) * len(self.modules)


def lire_grille(
    matrice: Matrice, cases: Cases | None = None, *, reference: Cases | None = None, signalees: Iterable[Cle] = ()
) -> Grille:
    """La grille d'une matrice (`cases` : à la place des siennes), comparée à `reference` si on la donne."""
    lues = matrice.cases() if cases is None else cases
    profils, modules, a_relire = matrice.profils_montres(), matrice.modules_montres(), set(signalees)
    ecarts = {e.cle: e for e in comparer(reference, lues)} if reference is not None else {}
    lignes = [
        (
            p,
            [
                CaseLue(p, m, lues.get((p.pk, m.pk)), ecarts.get((p.pk, m.pk)), (p.pk, m.pk) in a_relire)
                for m in modules
            ],
        )
        for p in profils
    ]
    return Grille(modules, lignes)


@dataclass(frozen=True, slots=True)
class EcartLu:
    """Un écart, en mots."""

    profil: str
    module: str
    ecart: Ecart

    @property
    def avant(self) -> str:
        """Ce qu'elle était."""
        return en_mots(self.ecart.avant)

    @property
    def apres(self) -> str:
        """Ce qu'elle est."""
        return en_mots(self.ecart.apres)


def lire_ecarts(ecarts: Sequence[Ecart]) -> list[EcartLu]:
    """Les écarts avec les noms de leur profil et de leur module, dans l'ordre de la grille. Deux requêtes au plus."""
    if not ecarts:
        return []
    profils = {p.pk: (rang, p.nom) for rang, p in enumerate(Profil.objects.filter(pk__in={e.cle[0] for e in ecarts}))}
    modules = {m.pk: (rang, m.nom) for rang, m in enumerate(Module.objects.filter(pk__in={e.cle[1] for e in ecarts}))}
    ranges = sorted(ecarts, key=lambda e: (profils[e.cle[0]][0], modules[e.cle[1]][0]))
    return [EcartLu(profils[e.cle[0]][1], modules[e.cle[1]][1], e) for e in ranges]


@dataclass(frozen=True, slots=True)
class Explication:
    """Ce qui demande une raison, et celle qu'on en a donnée."""

    manquement: Manquement
    raison: RaisonHabilitation | None

    @property
    def pour_toutes(self) -> bool:
        """Vrai si la raison donnée est celle de toute la matrice."""
        return self.raison is not None and self.raison.cle == TOUTE_LA_MATRICE and self.manquement.est_portee


def lire_explications(matrice: Matrice) -> list[Explication]:
    """Ce que la matrice demande d'expliquer, et ce qui l'est. Nombre de requêtes constant."""
    dites = {(r.regle, r.cle): r for r in matrice.raisons.select_related("donnee_par")}
    pour_toutes = dites.get((PORTEE, TOUTE_LA_MATRICE))
    return [
        Explication(m, dites.get((m.regle, m.cle)) or (pour_toutes if m.est_portee else None))
        for m in matrice.a_expliquer()
    ]


@dataclass(frozen=True)
class PageDeMatrice:
    """Une matrice à lire : la grille, ce qui la distingue du modèle, ce qu'on explique, ce que le modèle a changé."""

    matrice: Matrice
    grille: Grille
    ecarts: list[EcartLu]
    explications: list[Explication]
    au_modele: list[EcartLu]

    @cached_property
    def portees(self) -> list[Explication]:
        """Les choix de portée."""
        return [e for e in self.explications if e.manquement.est_portee]

    @cached_property
    def incoherences(self) -> list[Explication]:
        """Ce qu'une règle signale."""
        return [e for e in self.explications if not e.manquement.est_portee]

    @cached_property
    def reste(self) -> int:
        """Combien attendent une raison."""
        return sum(e.raison is None for e in self.explications)


def lire_page(matrice: Matrice) -> PageDeMatrice:
    """Tout ce que montre la page d'une matrice. Nombre de requêtes constant."""
    cases = matrice.cases()
    reference = matrice.modele.cases() if matrice.modele else None
    ecarts = comparer(reference, cases) if reference is not None else []
    modele = None if matrice.est_modele else matrices.modele_en_vigueur(matrice.grappe)
    return PageDeMatrice(
        matrice,
        lire_grille(matrice, cases, reference=reference),
        lire_ecarts(ecarts),
        lire_explications(matrice),
        lire_ecarts(matrices.ecarts_du_modele(matrice, modele)),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """Deux matrices comparées : avec quoi, et ce qui change."""

    avec: Matrice | None
    titre: str
    ecarts: list[EcartLu]
    autres: list[tuple[Matrice, str]]


def _comparables(matrice: Matrice, par: Utilisateur) -> list[tuple[Matrice, str]]:
    """Celles à qui la comparer : son modèle, la version d'avant, le modèle en vigueur ; du plus utile au moins."""
    rendu: dict[int, tuple[Matrice, str]] = {}
    if matrice.modele:
        rendu[matrice.modele.pk] = (matrice.modele, f"modèle de la grappe, n° {matrice.modele.numero}")
    siennes = Matrice.objects.visibles_par(par).filter(grappe=matrice.grappe_id, parcours=matrice.parcours_id)
    if avant := siennes.filter(numero__lt=matrice.numero).order_by("-numero").first():
        rendu.setdefault(avant.pk, (avant, f"version d'avant, n° {avant.numero}"))
    if not matrice.est_modele and (modele := matrices.modele_en_vigueur(matrice.grappe)):
        rendu.setdefault(modele.pk, (modele, f"modèle en vigueur, n° {modele.numero}"))
    return list(rendu.values())


def lire_differences(matrice: Matrice, par: Utilisateur, avec: str = "") -> Difference:
    """L'écart à `avec` (clé d'une matrice comparable), ou au premier comparable."""
    comparables = _comparables(matrice, par)
    choisie = next((c for c in comparables if str(c[0].pk) == avec), comparables[0] if comparables else None)
    if choisie is None:
        return Difference(None, "", [], [])
    ecarts = lire_ecarts(comparer(choisie[0].cases(), matrice.cases()))
    return Difference(choisie[0], choisie[1], ecarts, [c for c in comparables if c[0].pk != choisie[0].pk])


def reste_de(matrice: Matrice | None) -> list[Manquement]:
    """Ce qui attend une raison dans celle-ci ; rien s'il n'y en a pas."""
    if matrice is None:
        return []
    return restent(matrice.a_expliquer(), matrice.raisons.order_by().values_list("regle", "cle"))
