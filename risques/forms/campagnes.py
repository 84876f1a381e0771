"""Préparer une campagne, la corriger."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import Coches, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Parcours
from programme.services.actions import faute_d_echeance
from programme.socle.temps_de_saisie import en_mots
from risques.enums import PhaseCampagne, PorteeCampagne
from risques.models import Campagne, VersionQuestionnaire
from risques.services.campagnes import PERSONNE, SANS_ETOILE

SELON, TOUTES, ETOILEES = "selon", "toutes", "etoilees"


class ChoixDeVersion(forms.ModelChoiceField):
    """Une version par questionnaire ; dit son numéro et sa durée."""

    def label_from_instance(self, obj: VersionQuestionnaire) -> str:
        """« Risques, version 2, environ 2 h 30 »."""
        return f"{obj}, environ {en_mots(obj.duree_minutes * 60)}"


class CampagneForm(VersionneEnEntier):
    """Quoi, quand, à qui. `versions` : celles en vigueur ; `possibles` : les ESMS de la grappe."""

    version_posee: Any = ChoixDeVersion(
        VersionQuestionnaire.objects.none(),
        label="Questionnaire",
        empty_label="Choisir…",
        error_messages={
            "required": "Choisissez le questionnaire à poser.",
            "invalid_choice": "Cette version n'est plus en vigueur : choisissez-en une de la liste.",
        },
    )
    nom = forms.CharField(
        label="Nom", max_length=120, required=False, help_text="Vide : le nom du questionnaire et la phase."
    )
    phase = forms.ChoiceField(label="Phase", choices=PhaseCampagne.choices, widget=forms.RadioSelect)
    questions = forms.ChoiceField(
        label="Questions à poser",
        choices=[
            (SELON, "Selon la phase : les étoilées en fin de phase s'il y en a, toutes sinon"),
            (TOUTES, "Toutes"),
            (ETOILEES, "Les étoilées seulement"),
        ],
        initial=SELON,
        widget=forms.RadioSelect,
    )
    echeance = saisie_de_date(label="Échéance", required=False)
    portee = forms.ChoiceField(
        label="À qui",
        choices=PorteeCampagne.choices,
        widget=forms.RadioSelect,
        help_text="Les risques se posent à la grappe, une fois, à plusieurs regards.",
        error_messages={"required": "Dites si la grappe répond une fois, ou chaque ESMS."},
    )
    parcours: Any = Coches(
        label="ESMS interrogés", help_text="Pour « Chaque ESMS » seulement : décochez ceux que vous n'interrogez pas."
    )

    def __init__(
        self, *args: Any, versions: Any, possibles: Sequence[Parcours], campagne: Campagne | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.possibles = {p.pk: p for p in possibles}
        version: Any = self.fields["version_posee"]
        version.queryset = versions
        coches: Any = self.fields["parcours"]
        coches.choices = [(p.pk, f"{p}, {p.esms.ville}" if p.esms.ville else str(p)) for p in possibles]
        depart = {"phase": PhaseCampagne.DEMARRAGE, "portee": PorteeCampagne.GRAPPE}
        self.initial = {"parcours": list(self.possibles), **depart, **self.initial}
        if campagne:
            self.initial |= {nom: getattr(campagne, nom) for nom in ("nom", "phase", "echeance", "portee")}
            self.initial["version_posee"] = campagne.version_posee_id
            self.initial["questions"] = ETOILEES if campagne.etoilees else TOUTES
            vus = [cle for cle in campagne.evaluations.values_list("parcours", flat=True) if cle]
            self.initial["parcours"] = vus or list(self.possibles)

    def clean_echeance(self) -> Any:
        """Dite dès la première lecture, avec le reste."""
        echeance = self.cleaned_data["echeance"]
        if echeance != self.initial.get("echeance") and (phrase := faute_d_echeance(echeance, timezone.localdate())):
            raise forms.ValidationError(phrase)
        return echeance

    def clean(self) -> dict[str, Any]:
        """Les étoilées s'il y en a ; un ESMS au moins si chacun répond."""
        lues = super().clean() or self.cleaned_data
        if lues.get("portee") == PorteeCampagne.ESMS and not lues.get("parcours") and "parcours" not in self.errors:
            self.add_error("parcours", PERSONNE)
        if lues.get("questions") == ETOILEES and lues.get("version_posee") and not self._a_des_etoiles():
            self.add_error("questions", SANS_ETOILE)
        return lues

    def _a_des_etoiles(self) -> bool:
        return bool(self.cleaned_data["version_posee"].sections.filter(questions__etoilee=True).exists())

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        lues = super().champs()
        questions, phase = lues.pop("questions"), lues["phase"]
        selon = questions == SELON and phase == PhaseCampagne.FIN_DE_PHASE and self._a_des_etoiles()
        lues["parcours"] = [self.possibles[cle] for cle in lues["parcours"]]
        return lues | {"etoilees": selon or questions == ETOILEES}


class EcheanceForm(VersionneEnEntier):
    """Une fois ouverte, seule l'échéance se corrige."""

    echeance = saisie_de_date(
        label="Échéance", required=False, help_text="Le reste ne change plus : des personnes répondent déjà."
    )
