"""Ce que montrent les pages d'une étude : son entonnoir étape par étape, où elle en est, le geste suivant."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from usages.calculs.entonnoir import Resultat
from usages.calculs.faits_entonnoir import libelle_du_fait, valeur_dite
from usages.calculs.regles_en_clair import regles_de
from usages.calculs.unites_entonnoir import Decision, Motif, Statut, compter
from usages.dessins.entonnoir import Etage, etages
from usages.enums import EtatEtude, GenreEtape
from usages.models import EtapeEtude, Etude
from usages.services.etudes.entonnoir import MALFORMEES, Deroule, derouler_etude, lire_etape

RIEN = compter([])
MONTREES = 12
"""Unités d'une liste avant de renvoyer à la page de l'étape."""


@dataclass(frozen=True, slots=True)
class Raisons:
    """Une raison d'être écarté, et combien d'unités elle écarte. `suite` : combien la liste n'en montre pas."""

    dit: str
    nombre: int


@dataclass(frozen=True, slots=True)
class EtapeLue:
    """Une étape et ce qu'elle a fait ; `resultat` vaut None si l'on n'y arrive pas."""

    etape: EtapeEtude
    regles: list[str]
    resultat: Resultat | None
    bouge: list[str]
    faute: str = ""

    @property
    def retenues(self) -> list[Decision]:
        """Ce qui passe, réadmises comprises ; du premier au dernier pour un classement."""
        return [d for d in self.resultat.decisions if d.statut != Statut.ECARTE] if self.resultat else []

    @property
    def ecartees(self) -> list[Decision]:
        """Ce qui s'arrête là."""
        return list(self.resultat.ecartes) if self.resultat else []

    @property
    def raisons(self) -> list[Raisons]:
        """Les raisons d'écarter, de la plus fréquente à la moins ; une unité peut en avoir plusieurs."""
        return raisons_de(self.resultat) if self.resultat else []

    @property
    def remarques(self) -> list[str]:
        """Quotas impossibles, places vides ; rien si rien n'entre : c'est plus haut que cela se règle."""
        return list(self.resultat.remarques) if self.resultat and self.resultat.entrees else []

    @property
    def contrastes(self) -> list[Decision]:
        """Les cas gardés exprès."""
        return [d for d in self.retenues if any(r.motif == Motif.GARDE for r in d.raisons)]

    @property
    def exceptions(self) -> list[Decision]:
        """Les réadmises, avec leur motif."""
        return list(self.resultat.readmis) if self.resultat else []

    @property
    def entrees_dites(self) -> str:
        """« 111 grappes »."""
        return compter(self.resultat.entrees) if self.resultat else "—"

    @property
    def sorties_dites(self) -> str:
        """« 44 OG »."""
        return compter(self.resultat.sorties) if self.resultat else "—"

    @property
    def se_releve(self) -> bool:
        """Vrai si ses unités se prennent dans ce que lit un compte."""
        return self.etape.genre == GenreEtape.PASSAGE and bool(self.etape.mot("source"))

    @property
    def se_note(self) -> bool:
        """Vrai si l'équipe y note des projets."""
        return self.se_releve and self.etape.mot("vers") == "projet" and bool(self.retenues)

    @property
    def reouvertures(self) -> list[dict[str, Any]]:
        """Qui l'a rouverte, quand, pourquoi."""
        return self.etape.lignes("reouvertures")


def raisons_de(resultat: Resultat) -> list[Raisons]:
    """Les raisons d'écarter d'une étape, comptées. Celles d'un classement nomment chacune qui a pris la place."""
    comptees = Counter(r.dit for d in resultat.ecartes for r in d.raisons)
    return [Raisons(dit, nombre) for dit, nombre in sorted(comptees.items(), key=lambda c: (-c[1], c[0]))]


def etapes_lues(deroule: Deroule) -> list[EtapeLue]:
    """Chaque étape et ce qu'elle a fait."""
    mots = mots_de(deroule)
    return [
        EtapeLue(
            etape,
            _regles(etape, mots),
            deroule.resultat(etape.code),
            deroule.bouge.get(etape.code, []),
            deroule.faute if deroule.arret == etape else "",
        )
        for etape in deroule.etapes
    ]


def mots_de(deroule: Deroule) -> dict[str, str]:
    """Comment se disent les codes des prérequis et des étapes ; une étape l'emporte."""
    prerequis = (p for e in deroule.etapes for p in e.lignes("prerequis"))
    return {str(p.get("code")): str(p.get("libelle")) for p in prerequis} | {e.code: e.titre for e in deroule.etapes}


def _regles(etape: EtapeEtude, mots: dict[str, str]) -> list[str]:
    try:
        return regles_de(lire_etape(etape), mots)
    except MALFORMEES:
        return []


def dessin_de(lues: list[EtapeLue]) -> list[Etage]:
    """Le dessin : un étage par étape jouée."""
    return etages(
        (
            lue.etape.code,
            lue.etape.titre,
            lue.resultat.en_clair,
            len(lue.resultat.entrees),
            len(lue.resultat.sorties),
            lue.etape.est_figee,
        )
        for lue in lues
        if lue.resultat
    )


def en_une_ligne(deroule: Deroule) -> str:
    """« 111 grappes → 44 OG → 44 OG et 9 projets → … » : un compte par palier."""
    paliers = deroule.entonnoir.paliers
    if not paliers:
        return compter(deroule.entonnoir.base) if deroule.entonnoir.base else ""
    comptes = [paliers[0][1].partition(" → ")[0], *(dit.partition(" → ")[2] for _, dit in paliers)]
    # Une fois à rien, la suite n'apprend plus rien.
    vides = [i for i, dit in enumerate(comptes) if dit == RIEN]
    return " → ".join(comptes[: vides[0] + 1] if vides else comptes)


@dataclass(frozen=True, slots=True)
class ExceptionsLues:
    """Les exceptions d'une étape. `de` : le titre de l'étape d'où l'on réadmet ; `ecrites` : avec la décision levée.

    `offertes` : (ref, « nom : ce qui lui manque »), celles à qui il manque le moins d'abord.
    """

    de: str
    ecrites: list[tuple[dict[str, Any], Decision | None]]
    offertes: list[tuple[str, str]]


def lire_les_exceptions(etape: EtapeEtude) -> ExceptionsLues:
    """Ce qui est réadmis, et ce qui pourrait l'être."""
    code = etape.mot("de")
    source = derouler_etude(etape.etude).resultat(code)
    ecartes = sorted(source.ecartes, key=lambda d: (len(d.raisons), d.unite.nom)) if source else []
    par_ref, ecrites = {d.unite.ref: d for d in ecartes}, [e for e in etape.lignes("exceptions") if e.get("ref")]
    deja = {e["ref"] for e in ecrites}
    offertes = [
        (d.unite.ref, f"{d.unite.nom} : {' ; '.join(r.dit for r in d.raisons)}")
        for d in ecartes
        if d.unite.ref not in deja and all(r.sur for r in d.raisons)
    ]
    return ExceptionsLues(source.titre if source else code, [(e, par_ref.get(e["ref"])) for e in ecrites], offertes)


# --- le geste suivant ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Geste:
    """Le geste suivant : ce qu'on dit, et la page où il se fait (nom d'url, sa clé)."""

    texte: str
    libelle: str
    route: str
    cle: int


def geste_suivant(etude: Etude, deroule: Deroule) -> Geste | None:
    """Ce qui reste à faire d'abord ; None quand l'entonnoir est au bout et figé."""
    if etude.etat == EtatEtude.CLOSE:
        return None
    if not etude.question.strip():
        return Geste(
            "Écrivez ce que vous cherchez à comprendre.", "Écrire la question", "usages:etude-modifier", etude.pk
        )
    if not etude.base:
        return Geste("Prenez les grappes d'où part l'entonnoir.", "Prendre la base", "usages:etude-base", etude.pk)
    if not deroule.etapes:
        texte = "Partez de l'entonnoir publié par la CNSA, ou écrivez vos étapes."
        return Geste(texte, "Écrire l'entonnoir", "usages:etude-entonnoir", etude.pk)
    if deroule.faute and deroule.arret:
        return Geste(deroule.faute, "Corriger l'étape", "usages:etape-modifier", deroule.arret.pk)
    ouverte = next((e for e in deroule.etapes if not e.est_figee), None)
    if ouverte:
        texte = f"Relisez l'étape « {ouverte.titre} », puis figez-la : ses décisions seront gardées."
        return Geste(texte, "Ouvrir l'entonnoir", "usages:etude-entonnoir", etude.pk)
    return None


# --- emporter --------------------------------------------------------------------------------------------------------

ENTETES = [
    "Étape", "Unité", "Identifiant", "Nature", "Décision", "Rang", "Note", "Raisons", "Faits",
]  # fmt: skip
_MOTS = {Statut.RETENU: "retenu", Statut.READMIS: "réadmis", Statut.ECARTE: "écarté"}


def lignes_a_emporter(deroule: Deroule) -> Iterator[list[Any]]:
    """Une ligne par unité et par étape : la décision, ses raisons, ses faits."""
    for resultat in deroule.entonnoir.resultats:
        for d in resultat.decisions:
            faits = " ; ".join(f"{libelle_du_fait(f)} : {valeur_dite(f, v)}" for f, v in d.unite.faits.items())
            yield [
                resultat.titre,
                d.unite.nom,
                d.unite.ref,
                str(d.unite.nature),
                _MOTS[d.statut],
                d.rang,
                None if d.note is None else round(float(d.note), 2),
                " ; ".join(r.dit for r in d.raisons),
                faits,
            ]
