"""Les étapes de l'entonnoir, saisies sans écrire de JSON : des lignes à remplir, d'autres déjà remplies.

Une ligne dont le premier champ est vide ne compte pas : la vider la retire. Il en reste toujours deux de plus.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import slugify

from programme.forms.champs import Versionne
from programme.socle.champs import refuser_nir
from usages.calculs.definitions_entonnoir import SANS_SUITE
from usages.calculs.faits_entonnoir import CONNUS, faits_de, valeurs_de
from usages.calculs.prerequis import REGLES
from usages.calculs.unites_entonnoir import Unite
from usages.models import EtapeEtude
from usages.services.etudes.entonnoir import MALFORMEES
from usages.services.etudes.etapes import definition_de_passage
from usages.services.etudes.sources import SOURCES

EN_PLUS = 2
CHOISIR = ("", "Choisir…")
SANS_REGLE = "Choisissez la règle : sans elle, ce prérequis ne dit rien."
SANS_FAIT = "Choisissez le fait que lit cette règle."
SANS_VALEURS = "Écrivez les valeurs, séparées par des points-virgules."
SANS_SEUIL = "Donnez le seuil, un nombre entier."
SANS_TAILLE = "Choisissez le fait qui dit la taille."


@dataclass(frozen=True, slots=True)
class Groupe:
    """Des lignes de même sorte : leur titre, ce qu'on en dit, et leurs champs, ligne à ligne."""

    titre: str
    aide: str
    lignes: list[list[Any]]


class EtapeForm(Versionne):
    """Ce que toute étape a. `unites` : ce qui y entre, pour proposer leurs faits ; `places` : où l'insérer."""

    titre = forms.CharField(label="Titre", max_length=120, error_messages={"required": "Donnez un titre à l'étape."})
    palier = forms.CharField(
        label="Palier",
        max_length=80,
        required=False,
        help_text="Les étapes de suite qui portent le même mot se lisent en une ligne : « 111 grappes → 44 OG ».",
    )
    code = forms.SlugField(
        label="Code",
        max_length=40,
        required=False,
        help_text="Un mot court, sans accent, seul à servir dans l’étude. Vide : tiré du titre.",
        error_messages={"invalid": "Des lettres sans accent, des chiffres, des tirets."},
    )
    apres = forms.TypedChoiceField(label="Place", coerce=int, required=False, empty_value=None)
    familles: tuple[tuple[str, str, str], ...] = ()
    """(préfixe, titre, aide) de chaque groupe de lignes."""

    def __init__(
        self,
        *args: Any,
        unites: Sequence[Unite],
        etape: EtapeEtude | None = None,
        places: Sequence[EtapeEtude] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unites, self.etape = unites, etape
        self.definition: Mapping[str, Any] = etape.definition if etape else {}
        champs: Any = self.fields
        if etape or len(places) < 2:
            del champs["apres"]
        else:
            figees = [e.rang for e in places if e.est_figee]
            offertes = [e for e in places if e.rang >= max(figees, default=0)]
            champs["apres"].choices = [("", "À la fin"), *((e.rang, f"Après « {e.titre} »") for e in offertes[:-1])]
        if etape:
            connus = {"titre": etape.titre, "palier": etape.palier, "code": etape.code}
            self.initial = {**connus, **self.initial}
        depart = dict(self.fields), dict(self.initial)
        try:
            self._lire_la_definition()
        except MALFORMEES:
            # Ce qui est en base ne se lit pas : l'étape s'écrit de nouveau, plutôt que de ne plus s'ouvrir.
            self.fields, self.initial, self.definition = *depart, {}
            self._lire_la_definition()

    def _lire_la_definition(self) -> None:
        self.nombres: dict[str, int] = {}
        self.faits = self._faits()
        self.poser_les_champs()

    def poser_les_champs(self) -> None:
        """Ajoute les champs propres au genre."""

    def definition_saisie(self) -> dict[str, Any]:
        """La définition que disent ces champs."""
        raise NotImplementedError

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        rendu = {nom: self.cleaned_data[nom] for nom in ("titre", "palier", "code")}
        if "apres" in self.cleaned_data:
            rendu["apres"] = self.cleaned_data["apres"]
        return rendu | {"definition": self.definition_saisie()}

    # --- les lignes ---

    def _faits(self) -> list[tuple[str, str]]:
        """Les faits connus des unités ; à défaut d'unité, tous ceux que l'outil sait calculer."""
        lus = faits_de(self.unites)
        return lus or [(f.code, f.libelle) for f in CONNUS.values()]

    def choix_de_faits(self, deja: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Ceux-là, et ceux qu'une ligne nomme déjà."""
        connus = dict(self.faits)
        return [CHOISIR, *connus.items(), *((f, f) for f in deja if f and f not in connus)]

    def ajouter_les_lignes(self, prefixe: str, lues: Sequence[Mapping[str, Any]], champs: Any) -> None:
        """Les lignes connues, puis deux vides ; à l'envoi, autant que la page en montrait."""
        nombre = len(lues) + EN_PLUS
        if self.is_bound:
            envoyes = [k for k in self.data if k.startswith(f"{prefixe}-")]
            rangs = [int(r) for k in envoyes if (r := k.split("-")[1]).isdecimal() and len(r) < 3]
            nombre = min(max([*(r + 1 for r in rangs), nombre]), 40)
        self.nombres[prefixe] = nombre
        for i in range(nombre):
            lue = lues[i] if i < len(lues) else {}
            for nom, champ in champs().items():
                champ.required = False
                if isinstance(champ, forms.CharField):
                    # `GardeNir` ne voit que les champs d'avant : ceux-ci viennent après.
                    champ.validators = [*champ.validators, refuser_nir]
                self.fields[f"{prefixe}-{i}-{nom}"] = champ
                if nom in lue:
                    self.initial.setdefault(f"{prefixe}-{i}-{nom}", lue[nom])

    def lignes(self, prefixe: str) -> list[tuple[int, dict[str, Any]]]:
        """Les lignes remplies : leur rang, et ce qu'elles disent."""
        rendu = []
        for i in range(self.nombres.get(prefixe, 0)):
            debut = f"{prefixe}-{i}-"
            lue = {n.removeprefix(debut): v for n, v in self.cleaned_data.items() if n.startswith(debut)}
            if any(v not in (None, "") for v in list(lue.values())[:1]):
                rendu.append((i, lue))
        return rendu

    def clean(self) -> dict[str, Any]:
        """Une ligne neuve à moitié remplie se dit : sans son premier champ, elle se perdrait."""
        propre: Any = super().clean()
        for prefixe, nombre in self.nombres.items():
            for i in range(nombre):
                noms = [n for n in self.fields if n.startswith(f"{prefixe}-{i}-")]
                premier, reste = noms[0], [self.cleaned_data.get(n) for n in noms[1:]]
                vide = self.cleaned_data.get(premier) in (None, "") and premier not in self.errors
                if vide and not self.initial.get(premier) and any(v not in (None, "", False) for v in reste):
                    self.add_error(premier, "Remplissez aussi ce champ, ou videz toute la ligne.")
        return propre

    def groupes(self) -> list[Groupe]:
        """De quoi les écrire."""
        rendu = []
        for prefixe, titre, aide in self.familles:
            lignes = [
                [self[n] for n in self.fields if n.startswith(f"{prefixe}-{i}-")]
                for i in range(self.nombres.get(prefixe, 0))
            ]
            rendu.append(Groupe(titre, aide, lignes))
        return rendu

    def valeurs_connues(self) -> list[tuple[str, str]]:
        """Ce que peuvent valoir les faits : « région », « Bretagne ; Normandie »."""
        rendu = []
        for code, mot in self.faits:
            dites = [dit for _, dit in valeurs_de(self.unites, code)]
            if code not in ("finess", "projet") and 0 < len(dites) <= 40 and not dites[0][:1].isdecimal():
                rendu.append((mot, " ; ".join(dites)))
        return rendu

    def simples(self) -> list[Any]:
        """Les champs qui ne sont d'aucune ligne."""
        prefixes = tuple(f"{p}-" for p, _, _ in self.familles)
        return [c for c in self.visible_fields() if not prefixes or not c.name.startswith(prefixes)]


class _AvecPrerequis(EtapeForm):
    """Des prérequis : une règle, le fait qu'elle lit, ses valeurs ou son seuil."""

    familles = (
        (
            "p",
            "Prérequis",
            "Ne passe que ce qui les réunit tous ; un fait qu’on ne connaît pas écarte aussi, et la page le dit. « Est "
            "vrai » lit un fait ; « est l’une de ces valeurs », un fait et des valeurs ; « atteint ce seuil », un fait "
            "et un seuil ; « n’en a qu’un, ou… », le fait à compter, le fait de taille et le seuil. Videz le libellé "
            "d’une ligne pour la retirer.",
        ),
    )

    def poser_les_champs(self) -> None:
        """Ceux qui y sont, et deux lignes de plus."""
        lues = [_prerequis_en_ligne(p) for p in self.definition.get("prerequis", [])]
        deja = [v for ligne in lues for v in (ligne.get("fait"), ligne.get("taille")) if v]
        faits = self.choix_de_faits(deja)

        def champs() -> dict[str, forms.Field]:
            return {
                "libelle": forms.CharField(label="Libellé", max_length=120),
                "regle": forms.ChoiceField(
                    label="Règle", choices=[CHOISIR, *((c, r.libelle) for c, r in REGLES.items())]
                ),
                "fait": forms.ChoiceField(label="Fait", choices=faits),
                "valeurs": forms.CharField(label="Valeurs, séparées par « ; »", max_length=400),
                "taille": forms.ChoiceField(label="Fait de taille", choices=faits),
                "seuil": forms.IntegerField(label="Seuil", min_value=0, max_value=100_000),
                "sinon": forms.CharField(label="Sinon, on dit", max_length=160),
            }

        self.ajouter_les_lignes("p", lues, champs)

    def clean(self) -> dict[str, Any]:
        """Chaque règle a ce qu'elle demande."""
        propre: Any = super().clean()
        for i, lue in self.lignes("p"):
            regle = str(lue.get("regle") or "")
            demandes = REGLES[regle].parametres if regle in REGLES else frozenset({"regle"})
            for nom, faute in _FAUTES.items():
                attendu = nom in demandes or (nom == "fait" and "nombre" in demandes)
                if attendu and lue.get(nom) in (None, "") and f"p-{i}-{nom}" not in self.errors:
                    self.add_error(f"p-{i}-{nom}", faute)
        return propre

    def prerequis(self) -> list[dict[str, Any]]:
        """Ce que gardera la définition."""
        connus = [p["code"] for p in self.definition.get("prerequis", [])]
        pris: set[str] = set()
        rendu = []
        for i, lue in self.lignes("p"):
            code = connus[i] if i < len(connus) else slugify(lue["libelle"])[:40] or f"p{i + 1}"
            code = code if code not in pris else f"{code}-{i + 1}"
            pris.add(code)
            rendu.append(
                {
                    "code": code,
                    "libelle": lue["libelle"],
                    "regle": lue["regle"],
                    "parametres": _parametres(lue, self.unites),
                    "sinon": lue["sinon"],
                }
            )
        return rendu


_FAUTES = {
    "regle": SANS_REGLE,
    "fait": SANS_FAIT,
    "valeurs": SANS_VALEURS,
    "seuil": SANS_SEUIL,
    "taille": SANS_TAILLE,
}


def _prerequis_en_ligne(prerequis: Mapping[str, Any]) -> dict[str, Any]:
    """Ce qu'en montrent les champs."""
    p = prerequis["parametres"]
    fait = p.get("fait", p.get("nombre", ""))
    connus = CONNUS[fait].valeurs if fait in CONNUS else {}
    valeurs = "; ".join(connus.get(str(v), str(v)) for v in p.get("valeurs", []))
    lue = {"libelle": prerequis["libelle"], "regle": prerequis["regle"], "sinon": prerequis.get("sinon", "")}
    return lue | {"fait": fait, "valeurs": valeurs, "taille": p.get("taille", ""), "seuil": p.get("seuil")}


def _parametres(lue: Mapping[str, Any], unites: Sequence[Unite]) -> dict[str, Any]:
    """Les paramètres de la règle choisie, et rien d'autre."""
    demandes = REGLES[lue["regle"]].parametres
    rendu: dict[str, Any] = {}
    if "fait" in demandes:
        rendu["fait"] = lue["fait"]
    if "nombre" in demandes:
        rendu["nombre"] = lue["fait"]
    if "taille" in demandes:
        rendu["taille"] = lue["taille"]
    if "seuil" in demandes:
        rendu["seuil"] = lue["seuil"]
    if "valeurs" in demandes:
        rendu["valeurs"] = [_valeur(v, lue["fait"], unites) for v in _ecrites(lue["valeurs"])]
    return rendu


def _ecrites(texte: str) -> list[str]:
    return [v.strip() for v in texte.split(";") if v.strip()]


def _valeur(ecrite: str, fait: str, unites: Sequence[Unite]) -> str:
    """La valeur que ce mot désigne : « Domicile » est DOMICILE, « acquisition » aussi bien qu'« Acquisition »."""
    connues = dict(CONNUS[fait].valeurs) if fait in CONNUS else {}
    connues |= dict(valeurs_de(unites, fait))
    mots = {mot.casefold(): valeur for valeur, mot in connues.items()}
    mots |= {valeur.casefold(): valeur for valeur in connues}
    return mots.get(ecrite.casefold(), ecrite)


class FiltreForm(_AvecPrerequis):
    """Une étape qui ne laisse passer que ce qui réunit ses prérequis."""

    def clean(self) -> dict[str, Any]:
        """Il en faut un."""
        propre = super().clean()
        if not self.errors and not self.lignes("p"):
            self.add_error("p-0-libelle", "Écrivez au moins un prérequis.")
        return propre

    def definition_saisie(self) -> dict[str, Any]:
        """Ses prérequis."""
        return {"prerequis": self.prerequis()}


class PassageForm(_AvecPrerequis):
    """Une étape qui change d'unité."""

    source = forms.ChoiceField(label="Ce qui entre", choices=list(SOURCES.items()))
    sans_suite = forms.CharField(
        label="Ce qu’on dit d’une unité dont rien ne vient",
        max_length=120,
        required=False,
        help_text="« n’a relayé aucune réponse ».",
    )

    def poser_les_champs(self) -> None:
        """La source des unités, puis les prérequis qu'elles réunissent."""
        super().poser_les_champs()
        champs: Any = self.fields
        if self.etape and "source" not in self.definition:
            # Des unités données telles quelles (une reprise) : on ne saurait les relever de nouveau.
            del champs["source"]
        self.initial.setdefault("source", self.definition.get("source", ""))
        suite = self.definition.get("sans_suite", "")
        self.initial.setdefault("sans_suite", "" if suite == SANS_SUITE else suite)

    def _faits(self) -> list[tuple[str, str]]:
        """Ceux des unités d'arrivée, si elles sont déjà prises."""
        prises = [Unite.depuis(u) for u in self.definition.get("unites", [])]
        return faits_de(prises) or [(f.code, f.libelle) for f in CONNUS.values()]

    def definition_saisie(self) -> dict[str, Any]:
        """Sa source, ses prérequis ; les unités déjà prises restent."""
        suite, prerequis = self.cleaned_data["sans_suite"], self.prerequis()
        if "source" not in self.fields:
            return {**self.definition, "prerequis": prerequis, "sans_suite": suite or SANS_SUITE}
        source = self.cleaned_data["source"]
        return definition_de_passage(source=source, prerequis=prerequis, sans_suite=suite, avant=self.definition)


class ExceptionsForm(EtapeForm):
    """Une étape qui réadmet des unités écartées plus haut."""

    de = forms.ChoiceField(
        label="Réadmettre des unités écartées à",
        help_text="Vous choisirez lesquelles, et pourquoi, à la page suivante.",
    )

    def __init__(self, *args: Any, filtrantes: Sequence[EtapeEtude], **kwargs: Any) -> None:
        self.filtrantes = filtrantes
        super().__init__(*args, **kwargs)

    def poser_les_champs(self) -> None:
        """Les étapes à prérequis qui la précèdent."""
        champs: Any = self.fields
        champs["de"].choices = [(e.code, e.titre) for e in self.filtrantes]
        self.initial.setdefault("de", self.definition.get("de", ""))

    def definition_saisie(self) -> dict[str, Any]:
        """D'où l'on réadmet ; les exceptions déjà écrites restent si c'est toujours de là."""
        de = self.cleaned_data["de"]
        gardees = self.definition.get("exceptions", []) if self.definition.get("de") == de else []
        return {"de": de, "exceptions": gardees}
