"""Planifier une session ; inscrire ; convoquer ; pointer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from formation.enums import Pointage, StatutInscription
from formation.models import Formateur, Inscription, ModuleFormation, SessionFormation
from formation.services.inscriptions import SI_COMPLET, Candidat, Groupe
from formation.services.noms import Noms
from programme.calculs.masquage import MOINS_DE_5, SEUIL
from programme.forms.champs import Coches, GardeNir, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Grappe
from programme.socle.champs import SaisieLibre

REPRIS = ("module", "lieu", "capacite", "formateur", "note")


def _heure(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Donnez l'heure.", "invalid": "Donnez une heure, par exemple 14:00."},
    )


class SessionForm(VersionneEnEntier):
    """Quoi, quand, où, combien de places, qui anime."""

    module = forms.ModelChoiceField(
        label="Module",
        queryset=ModuleFormation.objects.none(),
        empty_label="Choisir",
        error_messages={
            "required": "Choisissez le module.",
            "invalid_choice": "Ce module n'est pas au plan de la grappe.",
        },
    )
    date = saisie_de_date(label="Date")
    de = _heure("De")
    a = _heure("À")
    lieu = forms.CharField(label="Lieu", max_length=160, required=False, help_text="L'adresse et la salle.")
    capacite = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=500,
        initial=10,
        error_messages={
            "required": "Donnez le nombre de places.",
            "min_value": "Une session a au moins une place.",
            "max_value": "Cinq cents places au plus.",
            "invalid": "Écrivez un nombre de places.",
        },
    )
    formateur = forms.ModelChoiceField(
        label="Qui anime",
        queryset=Formateur.objects.none(),
        required=False,
        empty_label="À trouver",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    note = SaisieLibre(
        label="À savoir avant de venir",
        required=False,
        max_length=600,
        lignes=3,
        help_text="Ce qu'il faut apporter, où se garer : part dans la convocation.",
    )

    def __init__(self, *args: Any, grappe: Grappe, session: SessionFormation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        module, formateur = self.fields["module"], self.fields["formateur"]
        assert isinstance(module, forms.ModelChoiceField) and isinstance(formateur, forms.ModelChoiceField)
        module.queryset = grappe.modules_formation.en_vigueur()
        formateur.queryset = grappe.formateurs.all()
        if session:
            module.queryset |= ModuleFormation.objects.filter(pk=session.module_id)
            debut, fin = timezone.localtime(session.debut), timezone.localtime(session.fin)
            lus = {nom: getattr(session, nom) for nom in REPRIS}
            self.initial = {**lus, "date": debut.date(), "de": debut.time(), "a": fin.time(), **self.initial}

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service ; date et heures sont celles de Paris."""
        lu = dict(super().champs())
        jour, de, a = lu.pop("date"), lu.pop("de"), lu.pop("a")
        debut, fin = (timezone.make_aware(datetime.combine(jour, heure)) for heure in (de, a))
        return lu | {"debut": debut, "fin": fin}

    def clean(self) -> dict[str, Any]:
        """La fin vient après le début."""
        lu = super().clean() or {}
        if lu.get("de") and lu.get("a") and lu["a"] <= lu["de"]:
            self.add_error("a", "La session finit avant de commencer : corrigez l'une des deux heures.")
        return lu


class InscrireForm(forms.Form):
    """Des groupes à inscrire d'un coup, et des personnes une à une pour qui en lit les noms."""

    groupes = forms.MultipleChoiceField(
        label="Un groupe d'un coup",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Les personnes à qui le module s'adresse, en poste ce jour-là, pas encore formées ni inscrites.",
        error_messages={"invalid_choice": "Un groupe coché n'a plus personne à inscrire : relisez la page."},
    )
    postes = Coches(label="Une à une", help_text="D'abord celles qui restent à former.")
    si_complet = forms.ChoiceField(
        label="S'il n'y a pas assez de places", choices=SI_COMPLET, required=False, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, groupes: Iterable[Groupe], candidats: Iterable[Candidat], gere: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["groupes"].choices = [(g.cle, f"{g.nom} : {_dire(g, gere)}") for g in groupes]
        champs["postes"].choices = [(c.poste.pk, _dire_le_candidat(c)) for c in candidats]
        for nom in ("groupes", "postes"):
            if not champs[nom].choices or (nom == "postes" and not gere):
                del self.fields[nom]

    @property
    def est_vide(self) -> bool:
        """Vrai s'il n'y a personne à inscrire."""
        return self.fields.keys() <= {"si_complet"}


def _dire(groupe: Groupe, gere: bool) -> str:
    """Combien ; pas les petits nombres, pour qui ne gère pas l'ESMS."""
    return str(groupe.nombre) if gere or groupe.nombre >= SEUIL else MOINS_DE_5


def _dire_le_candidat(candidat: Candidat) -> str:
    poste = candidat.poste
    unite = f", {poste.unite}" if poste.unite else ""
    note = f" ({candidat.note})" if candidat.note else ""
    return f"{poste.professionnel}, {str(poste.metier).lower()}{unite}{note}"


class ConvoquerForm(forms.Form):
    """Convoquer qui ne l'est pas encore, ou tout le monde une fois de plus."""

    encore = forms.BooleanField(label="Renvoyer aussi aux personnes déjà convoquées", required=False)


class PresencesForm(forms.Form):
    """Une case par personne, cochée d'avance ; on n'écrit que ce que la page n'a pas déjà montré.

    `lu_…` : le pointage que la page montrait. Si quelqu'un d'autre a pointé depuis, ce qu'on n'a pas touché
    reste à lui.
    """

    def __init__(self, *args: Any, inscriptions: list[Inscription], noms: Noms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inscriptions, self.noms = inscriptions, noms
        for i in inscriptions:
            attend = i.statut == StatutInscription.EN_ATTENTE
            coche = i.pointage == Pointage.PRESENT or (i.pointage == Pointage.NON_POINTE and not attend)
            self.fields[f"p_{i.pk}"] = forms.BooleanField(label=noms.de(i), required=False, initial=coche)
            self.fields[f"lu_{i.pk}"] = forms.ChoiceField(
                choices=Pointage.choices, required=False, widget=forms.HiddenInput, initial=i.pointage
            )

    def lignes(self) -> list[dict[str, Any]]:
        """De quoi écrire chaque personne, ESMS après ESMS."""
        return [
            {
                "case": self[f"p_{i.pk}"],
                "lu": self[f"lu_{i.pk}"],
                "inscription": i,
                "gere": self.noms.gere(i.poste),
                "attend": i.statut == StatutInscription.EN_ATTENTE,
            }
            for i in self.inscriptions
        ]

    def pointages(self, *, tous: bool = False) -> dict[int, str]:
        """Ce qui est à écrire : `tous` dit présents tous ceux qui ont une place."""
        rendus: dict[int, str] = {}
        for i in self.inscriptions:
            attend = i.statut == StatutInscription.EN_ATTENTE
            dit = Pointage.PRESENT if self.cleaned_data[f"p_{i.pk}"] or (tous and not attend) else Pointage.ABSENT
            lu = self.cleaned_data[f"lu_{i.pk}"] or Pointage.NON_POINTE
            if dit == lu or (attend and dit == Pointage.ABSENT):
                continue
            rendus[i.pk] = dit
        return rendus


class NumerosForm(GardeNir, forms.Form):
    """Les numéros lus sur les feuilles, et le code qui y est écrit."""

    code = forms.CharField(
        label="Code écrit sur les feuilles",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "Écrivez le code lu sur les feuilles."},
    )
    numeros = forms.CharField(
        label="Numéros présents",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "numeric"}),
        help_text="Séparés par des espaces : 214 215 218.",
        error_messages={"required": "Écrivez les numéros lus sur la feuille, par exemple « 214 215 218 »."},
    )
    autres_absents = forms.BooleanField(label="Les autres ne sont pas venus", required=False)
