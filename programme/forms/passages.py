"""Formulaires de passage : un commun à toutes les machines, et ceux qui demandent davantage."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from programme.calculs.constat import fautes_de_dates
from programme.enums import FRISE_PARCOURS, AttenteDemande, EtatJalon, EtatParcours, IssueDemande, MotifSortie
from programme.forms.champs import MontantField
from programme.models.demandes import A_QUI, QUELLE_ISSUE
from programme.socle.champs import SaisieLibre
from programme.socle.machine import ModeleAEtats, champ_de
from programme.socle.nombres import euros
from programme.socle.porte import Lecture, motif_exige
from programme.socle.registres import Registre

PROPRES = ("version", "date_effet", "motif")


def saisie_de_date(**kwargs: Any) -> forms.DateField:
    """Une date, par le calendrier du navigateur."""
    messages = {"invalid": "Donnez une date, par exemple 03/11/2026.", "required": "Donnez la date."}
    kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class PassageForm(forms.Form):
    """Date d'effet et motif ; `version` dit l'état que la personne avait sous les yeux."""

    sans_mention = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    date_effet = saisie_de_date(
        label="Date d'effet", help_text="Aujourd'hui, ou le jour où la chose a eu lieu. Jamais à venir."
    )
    motif = SaisieLibre(label="Motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, initial={"version": objet.version, "date_effet": timezone.localdate()})
        self.objet = objet
        exige = motif_exige(objet, lecture)
        motif = self.fields["motif"]
        motif.required = bool(exige)
        motif.error_messages["required"] = exige
        motif.help_text = "Une ligne. Elle reste au journal" + (
            " et sera vue au COMOP." if lecture.sous_reserve else "."
        )

    def arguments(self) -> dict[str, Any]:
        """Ce que la porte attend : version, date d'effet, motif, et le propre de la transition."""
        return {nom: self.cleaned_data.get(nom) for nom in PROPRES} | self.details()

    def details(self) -> dict[str, Any]:
        """Arguments propres à la transition : les champs en plus, par défaut."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in PROPRES}

    def actualiser(self, version: int) -> None:
        """Garde tout ce qui a été saisi, sur la version qu'on vient de relire."""
        saisie: Any = self.data
        saisie = saisie.copy()
        saisie["version"] = str(version)
        self.data = saisie


class PassageDuJour(PassageForm):
    """Sans date : c'est aujourd'hui. Le motif ne paraît que s'il est exigé."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]
        if not self.fields["motif"].required:
            del self.fields["motif"]

    def arguments(self) -> dict[str, Any]:
        """Sans motif, un motif vide."""
        return super().arguments() | {"motif": self.cleaned_data.get("motif", "")}


class ConstaterForm(PassageForm):
    """Reprise de l'existant : à quel état en est l'objet."""

    vers = forms.ChoiceField(label="Où en est-on ?", widget=forms.RadioSelect)
    field_order: tuple[str, ...] = ("vers", "date_effet", "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        cible: Any = type(objet).transitions()["constater"].target
        vers: Any = self.fields["vers"]
        vers.choices = [(e, nom) for e, nom in champ_de(type(objet)).flatchoices if e in cible.allowed_states]
        vers.error_messages["required"] = "Choisissez l'état où l'on en est."


class ConstaterParcoursForm(ConstaterForm):
    """Constat initial d'un ESMS : l'état, et les dates d'entrée déjà connues."""

    sans_mention = True
    field_order = ("vers", *(f"etape_{e}" for e in FRISE_PARCOURS), "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]  # chaque étape porte la sienne
        for etat in FRISE_PARCOURS:
            label = "Recensé le" if etat == EtatParcours.RECENSE else f"Entrée en {etat.label.lower()}"
            self.fields[f"etape_{etat}"] = saisie_de_date(label=label, required=False)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Les dates suivent l'ordre des étapes et s'arrêtent à l'état constaté."""
        donnees = super().clean() or self.cleaned_data
        if donnees.get("vers"):
            fautes = fautes_de_dates(donnees["vers"], self.etapes(), timezone.localdate())
            for champ, messages in fautes.items():
                self.add_error(champ, messages)
        return donnees

    def etapes(self) -> dict[str, date]:
        """Dates données, par état."""
        lues = {e.value: self.cleaned_data.get(f"etape_{e}") for e in FRISE_PARCOURS}
        return {etat: jour for etat, jour in lues.items() if jour}

    def details(self) -> dict[str, Any]:
        """L'état constaté et les dates ; la date d'effet est celle de cet état."""
        vers = self.cleaned_data["vers"]
        return {"vers": vers, "etapes": self.etapes(), "date_effet": self.etapes().get(EtatParcours(vers))}


class SortirForm(PassageForm):
    """Pourquoi l'ESMS sort."""

    raison = forms.ChoiceField(label="Raison de la sortie", choices=MotifSortie.choices, widget=forms.RadioSelect)
    field_order = ("raison", "date_effet", "motif")


class VerserForm(PassageForm):
    """La somme arrivée, et quand."""

    montant = MontantField(
        label="Somme reçue", min_value=0, error_messages={"required": "Donnez la somme reçue, en euros."}
    )
    field_order = ("montant", "date_effet", "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        jalon: Any = objet
        self.initial["montant"] = jalon.montant
        self.fields["date_effet"].label = "Versée le"
        self.fields["date_effet"].help_text = "Le jour où la somme est arrivée. Jamais à venir."
        prevu = euros(jalon.montant) if jalon.montant is not None else "une somme non précisée"
        self.fields["montant"].help_text = f"En euros. Le jalon prévoit {prevu}."
        self.fields[
            "motif"
        ].help_text = (
            "Une ligne, si la somme est versée avant l'échéance ou dépasse ce qui était prévu. Elle reste au journal."
        )


class TransmettreForm(PassageForm):
    """Ce qui part au financeur ; après une demande de précision, la réponse."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.help_text = "Le financeur le lira. Une ligne ; elle reste au journal."
        if objet.etat == EtatJalon.PRECISION:
            motif.label, motif.help_text = "Votre réponse", "Le financeur la lira. Une ligne ; elle reste au journal."
            motif.error_messages["required"] = "Écrivez votre réponse en une ligne : le financeur l'attend."


class PrecisionForm(PassageForm):
    """La question du financeur."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.label, motif.help_text = "Votre question", "Sur un chiffre ou une pièce. Le chef de projet la lira."
        motif.error_messages["required"] = "Écrivez votre question en une ligne."


class InstruireForm(PassageForm):
    """De qui vient la suite."""

    attente = forms.ChoiceField(
        label="Qui donnera la suite ?",
        choices=AttenteDemande.choices,
        widget=forms.RadioSelect,
        error_messages={"required": A_QUI},
    )
    field_order = ("attente", "date_effet", "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        self.fields["motif"].label = "Ce qu'on en a compris"


class ConclureForm(PassageForm):
    """Ce qui est décidé : souvent, c'est la pratique qui change."""

    issue = forms.ChoiceField(
        label="Ce qui est décidé",
        choices=IssueDemande.choices,
        widget=forms.RadioSelect,
        help_text="Le réglage n'est pas toujours à changer : parfois c'est la pratique, parfois le droit tranche.",
        error_messages={"required": QUELLE_ISSUE},
    )
    field_order = ("issue", "motif", "date_effet")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.label, motif.help_text = "La réponse à l'équipe", "Une ligne, dans des mots qu'elle comprendra."
        motif.error_messages["required"] = "Écrivez la réponse en une ligne : l'équipe l'attend."


propres: Registre[type[PassageForm]] = Registre("formulaires de passage")
propres.inscrire("parcours:constater", ConstaterParcoursForm)
propres.inscrire("grappe:constater", ConstaterForm)
propres.inscrire("ouverture:constater", ConstaterForm)
propres.inscrire("parcours:sortir", SortirForm)
propres.inscrire("jalon:verser", VerserForm)
propres.inscrire("jalon:transmettre", TransmettreForm)
propres.inscrire("jalon:demander_precision", PrecisionForm)
propres.inscrire("demandeparametrage:instruire", InstruireForm)
propres.inscrire("demandeparametrage:conclure", ConclureForm)


def formulaire_de(objet: ModeleAEtats, transition: str) -> type[PassageForm]:
    """Formulaire de cette transition : le sien, ou le commun."""
    return propres.get(f"{objet._meta.model_name}:{transition}") or PassageForm
