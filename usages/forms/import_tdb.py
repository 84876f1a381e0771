"""Formulaires du tableau de bord ESMS : déposer l'export, dire la colonne de chaque chiffre."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files import File
from django.utils import timezone

from programme.forms.champs import GardeNir
from programme.forms.depot_relie import DepotRelieForm
from programme.models import Utilisateur
from programme.services.correspondances import Chez
from programme.socle.finess.refus import FichierRefuse
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from usages.calculs.lignes_tdb import (
    COMPTE,
    DEUX_FOIS,
    FINESS,
    RIEN_DE_RELIE,
    SANS_COLONNE_FINESS,
    SUR,
    cle_de,
    designer,
    nommer,
    proposer,
    reperes,
)
from usages.resources.tableau_de_bord import verifier
from usages.services.import_tdb import PREMIER_EXERCICE, Portee, correspondance_de, parties

LISTE = "colonnes-de-l-export"
INCONNUE = "L’export n’a pas cette colonne : choisissez-la dans la liste, ou écrivez sa position (1 à {})."
A_VENIR = "Cet exercice n’a pas commencé : donnez une année passée, ou celle qui court."


class DepotTdbForm(DepotRelieForm):
    """L'export, et l'exercice dont il dit les chiffres ; ses colonnes se relisent chaque fois."""

    nom_du_fichier = "Export du tableau de bord ESMS"
    aide_du_fichier = "Le .xlsx ou le .csv de l’export, entier : ses colonnes en trop ne gênent pas ; 10 Mo au plus."
    annee = forms.IntegerField(
        label="Exercice",
        min_value=PREMIER_EXERCICE,
        help_text="L’année que disent les chiffres, et non celle où on les a saisis.",
        error_messages={"required": "Dites l’année que disent les chiffres."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annee"].initial = timezone.localdate().year - 1

    def lire_connues(self) -> list[Correspondance]:
        """Aucune à choisir : il n'y en a qu'une, et on la relit."""
        return []

    def neuve(self, par: Utilisateur) -> Correspondance:
        """L'unique."""
        assert self.depuis is not None  # l'export se dépose depuis un ESMS
        correspondance = correspondance_de(par, self.depuis.esms.og)
        if correspondance._state.adding:
            correspondance.save()
        return correspondance

    def parametres(self) -> dict[str, Any]:
        """L'exercice."""
        return {"annee": self.cleaned_data["annee"]}

    def preciser(self, objet: str) -> str:
        """Avec l'exercice."""
        return f"{objet} {self.cleaned_data['annee']}"

    def reconnaitre(self, fichier: File) -> None:
        """Un tableau qui s'ouvre, sans NIR, avec au moins une ligne."""
        try:
            verifier(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def clean_annee(self) -> int:
        """Pas un exercice à venir."""
        annee: int = self.cleaned_data["annee"]
        if annee > timezone.localdate().year:
            raise forms.ValidationError(A_VENIR)
        return annee


class RelierTdbForm(GardeNir, forms.Form):
    """Pour chaque chiffre annuel, la colonne de l'export qui le dit : son nom dans la liste, ou sa position."""

    gabarit = "usages/fragments/tdb_relier.html"

    def __init__(
        self, donnees: Any = None, *, correspondance: Correspondance, entetes: Sequence[str], portee: Portee
    ) -> None:
        self.correspondance, self.entetes, self.indicateurs = correspondance, list(entetes), portee.indicateurs
        self.noms = {FINESS: "Numéro FINESS géographique"} | parties(self.indicateurs)
        self.proposees = proposer(self.entetes, self.noms, correspondance.colonnes)
        super().__init__(donnees, initial={c: nommer(self.entetes, r) for c, r in self.proposees.items()})
        for cle, nom in self.noms.items():
            attributs = {"list": LISTE, "autocomplete": "off"}
            self.fields[cle] = forms.CharField(
                label=nom,
                required=cle == FINESS,
                max_length=200,
                widget=forms.TextInput(attrs=attributs),
                error_messages={"required": SANS_COLONNE_FINESS},
            )

    def resume(self, depot: Any, chez: Chez) -> str:
        """Ce qui a été lu et trouvé, en une phrase."""
        trouvees = accorde(len(self.proposees), "trouvée,trouvées")
        lues = f"{depot.nom_fichier}, exercice {depot.parametres['annee']} : {accorde(len(self.entetes), 'colonne')}"
        return f"{lues}, {trouvees} d’avance. Relisez, corrigez : c’est retenu pour {chez.pour_qui}."

    def parametres(self) -> dict[str, Any]:
        """Le rang de chaque colonne : le fichier ne se relit pas autrement à l'aperçu."""
        return {"colonnes": self.rangs}

    @property
    def options(self) -> list[str]:
        """Toutes les colonnes de l'export, telles que la liste les propose."""
        return [nommer(self.entetes, rang) for rang, entete in enumerate(self.entetes) if entete]

    def lignes(self) -> Iterator[dict[str, Any]]:
        """Une ligne par indicateur : lui, sa colonne, celle à quoi on le rapporte."""
        for indicateur in self.indicateurs:
            sur = cle_de((indicateur.code, SUR))
            yield {
                "indicateur": indicateur,
                "compte": self[cle_de((indicateur.code, COMPTE))],
                "sur": self[sur] if sur in self.fields else None,
            }

    def clean(self) -> dict[str, Any]:
        """Le FINESS et au moins un chiffre ; pas deux fois la même colonne dans un même rapport."""
        champs = super().clean() or self.cleaned_data
        self.rangs: dict[str, int] = {}
        for cle in self.noms:
            try:
                rang = designer(self.entetes, champs.get(cle) or "")
            except ValueError:
                self.add_error(cle, INCONNUE.format(len(self.entetes)))
                continue
            if rang is not None:
                self.rangs[cle] = rang
        if not self.errors and len(self.rangs) == 1:
            self.add_error(None, RIEN_DE_RELIE)
        for indicateur in self.indicateurs:
            compte, sur = (cle_de((indicateur.code, quoi)) for quoi in (COMPTE, SUR))
            if compte in self.rangs and self.rangs[compte] == self.rangs.get(sur):
                self.add_error(sur, DEUX_FOIS.format(self.rangs[compte] + 1, self.noms[compte], self.noms[sur]))
        return champs

    def a_retenir(self) -> dict[str, str]:
        """Partie → repère de colonne ; vide : ne pas reprendre, on ne la redevinera pas."""
        connus = reperes(self.entetes)
        return {cle: connus[self.rangs[cle]] if cle in self.rangs else "" for cle in self.noms}
