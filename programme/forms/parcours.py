"""Saisies sur un parcours : fait daté, fiche, dates, proposition, levée, unités, ouverture."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from programme.calculs.frise import LigneDates
from programme.donnees_partagees import vagues_avec_charge
from programme.enums import EtatOuverture, PointDepart, TempsEcriture
from programme.forms.champs import GardeNir, Versionne
from programme.forms.passages import saisie_de_date
from programme.models import Fait, Module, Ouverture, Parcours, Unite, Vague
from programme.services.parcours import CHAMPS_FICHE, version_de
from programme.socle import versions
from programme.socle.champs import SaisieLibre
from programme.socle.dates import date_courte, mois
from programme.socle.droits import Droit

# --- faits ---------------------------------------------------------------------------------------------------------


class FaitForm(Versionne):
    """Un fait daté : une date, une référence, une précision."""

    date = saisie_de_date(label="Date")
    reference = forms.CharField(
        label="Référence", required=False, max_length=120, help_text="Par exemple « PV du 12 mars ». Aucune pièce."
    )
    note = SaisieLibre(label="Précision", required=False, max_length=500)

    def __init__(self, donnees: Any = None, *, fait: Fait | None) -> None:
        connu = {"date": fait.date, "reference": fait.reference, "note": fait.note} if fait else {}
        super().__init__(donnees, initial=connu | {"vu": version_de(fait)})

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service attend, version lue comprise."""
        return {"version" if c == "vu" else c: v for c, v in self.cleaned_data.items()}


class ConcertationForm(FaitForm):
    """La concertation des équipes : quels services, et ce qui a changé grâce à eux (FabLab EPNAK)."""

    services = forms.CharField(
        label="Services rencontrés",
        required=False,
        max_length=300,
        help_text="Par exemple « internat, équipe de nuit, secrétariat ».",
    )
    changement = SaisieLibre(
        label="Ce qui a changé grâce à eux",
        required=False,
        max_length=500,
        lignes=3,
        help_text="Un calendrier déplacé, un module avancé, une formation ajoutée. Rien encore ? Dites-le aussi.",
    )
    field_order = ["date", "services", "changement", "reference", "note"]

    def __init__(self, donnees: Any = None, *, fait: Fait | None) -> None:
        super().__init__(donnees, fait=fait)
        if fait:
            self.initial = {**self.initial, "services": fait.services, "changement": fait.changement}


class Cochables(forms.ModelMultipleChoiceField):
    """Des parcours à cocher, chacun par le nom de son ESMS."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.esms.nom}, {obj.esms.ville}" if obj.esms.ville else str(obj.esms.nom)


class FaitCommunForm(GardeNir, forms.Form):
    """Le même fait, répondu une fois pour plusieurs ESMS ; ceux qui ont déjà leur date la gardent, sauf demande."""

    parcours = Cochables(
        label="Cette réponse vaut pour",
        queryset=Parcours.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Un ESMS coché a reçu sa date entre-temps : relisez la liste."},
    )
    date = saisie_de_date(label="Date")
    reference = forms.CharField(label="Référence", required=False, max_length=120, help_text="Aucune pièce à joindre.")
    note = SaisieLibre(label="Précision", required=False, max_length=500)
    remplacer = forms.MultipleChoiceField(
        label="Remplacer la date de",
        help_text="Cochez seulement ceux dont la date ci-dessus doit remplacer celle-ci.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Une date à remplacer a changé entre-temps : relisez-la."},
    )

    def __init__(self, *args: Any, choix: Iterable[Parcours], faits: Iterable[Fait] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cles = [p.pk for p in choix]
        champs: dict[str, Any] = self.fields
        champs["parcours"].queryset = Parcours.objects.filter(pk__in=cles).select_related("esms")
        # La valeur d'une case porte la version de la date qu'elle montre : une date changée depuis ne s'écrase pas.
        champs["remplacer"].choices = [(_cle(f), f"{f.parcours} : {date_courte(f.date)}") for f in faits]
        if not champs["remplacer"].choices:
            del self.fields["remplacer"]

    def clean(self) -> dict[str, Any]:
        """Au moins un ESMS."""
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("parcours") and not donnees.get("remplacer") and not self.errors:
            self.add_error("parcours", "Cochez au moins un ESMS.")
        return donnees

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service attend : tous les ESMS cochés, et les dates qu'on avait sous les yeux."""
        lues = dict(self.cleaned_data)
        vues = {int(cle): version for cle, _, version in (v.partition("@") for v in lues.pop("remplacer", []))}
        remplaces = Parcours.objects.filter(pk__in=vues)
        return lues | {"parcours": [*lues["parcours"], *remplaces], "vues": vues}


def _cle(fait: Fait) -> str:
    return f"{fait.parcours_id}@{version_de(fait)}"


# --- fiche ---------------------------------------------------------------------------------------------------------


class _ChoixVague(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        fenetre = f" · {mois(obj.debut)} à {mois(obj.fin)}" if obj.debut and obj.fin else ""
        if not obj.capacite:
            capacite = ""
        elif obj.en_chemin is None:
            capacite = f" · jusqu'à {obj.capacite} ESMS à la fois"
        else:
            capacite = f" · {obj.en_chemin} ESMS en chemin pour {obj.capacite}"
        return f"{obj.numero}{fenetre}{capacite}"


class FicheForm(Versionne, forms.ModelForm):
    """La fiche d'un parcours ; seuls les champs permis y sont."""

    vague = _ChoixVague(
        label="Vague de déploiement",
        queryset=Vague.objects.none(),
        required=False,
        empty_label="Pas encore choisie",
        help_text="Avec qui, et avec quels moyens : les ESMS en chemin, face à ce que l'équipe accompagne à la fois.",
    )

    class Meta:
        model = Parcours
        fields = CHAMPS_FICHE
        help_texts = {
            "point_depart": "Ce que les équipes utilisent aujourd'hui ; certaines conditions en dépendent.",
            "premier_gain": "Un bénéfice que les équipes verront dès les premières semaines.",
            "temps_ecriture": "Décidé, non décidé ou refusé : l'essentiel est de le dire.",
            "temps_ecriture_note": "Combien, pour qui, et qui l'a décidé.",
            "type_projet": "Par ESMS : la grappe est mixte si elle en mêle.",
        }
        widgets = {
            "premier_gain": forms.Textarea(attrs={"rows": 2}),
            "temps_ecriture_note": forms.Textarea(attrs={"rows": 2}),
            "temps_ecriture": forms.RadioSelect,
        }

    def __init__(self, donnees: Any = None, *, instance: Parcours, droits: dict[str, Droit]) -> None:
        super().__init__(donnees, instance=instance, initial={"vu": versions.jeton(instance.history)})
        champs: dict[str, Any] = self.fields
        champs["vague"].queryset = vagues_avec_charge(self.instance.grappe)
        champs["temps_ecriture"].choices = TempsEcriture.choices
        champs["point_depart"].choices = [("", "À préciser"), *PointDepart.choices]
        self.reserves = {str(self.fields[c].label): d.motif for c, d in droits.items() if not d}
        for champ in [c for c, d in droits.items() if not d]:
            del self.fields[champ]

    def valeurs(self) -> dict[str, Any]:
        """Ce que la personne a le droit d'écrire, tel qu'elle l'a saisi, et le jeton lu."""
        saisie = dict(self.cleaned_data)
        return {"vu": int(saisie.pop("vu") or 0), "valeurs": saisie}


# --- dates ---------------------------------------------------------------------------------------------------------


class DatesForm(Versionne):
    """Une date révisée par étape à venir ; la référence se lit à côté."""

    def __init__(self, donnees: Any = None, *, vu: int, lignes: Iterable[LigneDates]) -> None:
        a_venir = [ligne for ligne in lignes if not ligne.reelle]
        super().__init__(donnees, initial={ligne.etat: ligne.revisee for ligne in a_venir} | {"vu": vu})
        for ligne in a_venir:
            self.fields[ligne.etat] = saisie_de_date(
                label=f"Entrée en « {ligne.nom} »",
                required=False,
                help_text=f"Référence : {date_courte(ligne.reference)}." if ligne.reference else "",
            )

    def valeurs(self) -> dict[str, Any]:
        """Dates révisées par état, et le jeton lu."""
        saisie = dict(self.cleaned_data)
        return {"vu": int(saisie.pop("vu") or 0), "dates": saisie}


# --- proposer, reporter --------------------------------------------------------------------------------------------


class ProposerForm(forms.Form):
    """Le chef de projet propose ; le directeur choisit son moment."""

    date_visee = saisie_de_date(label="Date visée", required=False)
    mot = SaisieLibre(label="Mot au directeur", required=False, max_length=300)


class ReporterForm(forms.Form):
    """Reporter une proposition : une ligne, et s'il y a lieu une autre date."""

    motif = SaisieLibre(
        label="Pourquoi plus tard",
        max_length=300,
        error_messages={"required": "Dites en une ligne pourquoi : le chef de projet la lira."},
    )
    date_visee = saisie_de_date(label="Autre date", required=False, help_text="Elle devient la date révisée.")


# --- unités, ouvertures --------------------------------------------------------------------------------------------


class UniteForm(GardeNir, forms.ModelForm):
    """Une unité de déploiement et les modules à y ouvrir."""

    modules = forms.ModelMultipleChoiceField(
        label="Modules à ouvrir dans cette unité",
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="On n'ouvre pas tout d'un coup : d'autres s'ajouteront plus tard.",
    )

    class Meta:
        model = Unite
        fields = ["nom", "nb_places", "a_nuit"]

    def __init__(self, *args: Any, modules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["modules"]
        champ.queryset = modules
        if not modules.exists():
            del self.fields["modules"]


class OuvertureForm(GardeNir, forms.ModelForm):
    """Date visée, ancien support et son retrait ; une fois le module ouvert, le retrait vient d'abord."""

    date_visee = saisie_de_date(label="Date visée", required=False)
    retire_le = saisie_de_date(
        label="Ancien support retiré le", required=False, help_text="Une fois le module ouvert dans l'unité."
    )

    class Meta:
        model = Ouverture
        fields = ["date_visee", "ancien_support", "retire_le"]
        help_texts = {"ancien_support": "Par exemple « cahier de liaison », « classeur de soins »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._est_ouverte():
            self.order_fields(["retire_le", "ancien_support", "date_visee"])
            if self.instance.ancien_support:
                self.fields["retire_le"].label = f"{self.instance.ancien_support} retiré le"

    def _est_ouverte(self) -> bool:
        return self.instance.etat in (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)

    def clean_date_visee(self) -> date | None:
        """Viser, c'est dire quand on ouvrira : une date passée ne dit plus rien. Celle qui l'était déjà reste."""
        visee: date | None = self.cleaned_data["date_visee"]
        if visee and "date_visee" in self.changed_data and visee < timezone.localdate() and not self._est_ouverte():
            raise forms.ValidationError("La date visée est passée : donnez la date d'ouverture prévue.")
        return visee
