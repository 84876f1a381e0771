"""Instruire une décision, la corriger tant qu'elle n'est pas arbitrée."""

from typing import Any

from django import forms
from django.utils import timezone

from gouvernance.enums import EffetDecision
from gouvernance.models import Decision, Instance, Seance
from gouvernance.services.choix_decision import Offre, mots_de
from gouvernance.services.decisions import CHAMPS, CHANGEMENT_A_DIRE, CONDITION_A_DIRE
from programme.forms.champs import Coches, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre
from programme.socle.conditions import conditions

SANS_SEANCE = "pas encore en séance"
AUCUNE = "aucune"


class ChoixDeSeance(forms.ModelChoiceField):
    """Une séance ; dit son état, qui dit ce qu'on peut y trancher."""

    def label_from_instance(self, obj: Seance) -> str:
        """« COMOP, 03/11/2026 (préparée) »."""
        return f"{obj} ({obj.get_etat_display().lower()})"


class ChoixDeDecision(forms.ModelChoiceField):
    """Une décision, par son numéro."""

    def label_from_instance(self, obj: Decision) -> str:
        """« n° 4 : Former les équipes de nuit d'abord (COMOP) »."""
        return f"n° {obj.numero} : {obj} ({obj.comite})"


class DecisionForm(VersionneEnEntier):
    """Ce qui est décidé, par qui, pour qui, et ce que cela change. `offre` : ce qui se choisit."""

    intitule = forms.CharField(
        label="Décision",
        max_length=160,
        help_text="En une ligne, comme on la citera : « Former les équipes de nuit d'abord ».",
        error_messages={"required": "Dites la décision en une ligne."},
    )
    comite: Any = forms.ModelChoiceField(
        Instance.objects.none(),
        label="Instance",
        empty_label="Choisir…",
        error_messages={
            "required": "Choisissez l'instance qui tranchera.",
            "invalid_choice": "Vous ne consignez pas, ou plus, les décisions de cette instance.",
        },
    )
    seance: Any = ChoixDeSeance(
        Seance.objects.none(),
        label="Séance",
        required=False,
        empty_label=SANS_SEANCE,
        help_text="On n'arbitre qu'en séance, avec le quorum. Elle peut se dire plus tard.",
        error_messages={"invalid_choice": "Cette séance n'est pas, ou plus, de celles qui peuvent trancher."},
    )
    texte = SaisieLibre(
        label="Ce qui est décidé", required=False, max_length=2000, lignes=4, help_text="Le détail, s'il en faut un."
    )
    pourquoi = SaisieLibre(
        label="Pourquoi", required=False, max_length=1000, help_text="Ce qu'on relira dans deux ans."
    )
    parcours: Any = Coches(label="ESMS concernés", help_text="Aucun coché : la décision vaut pour toute la grappe.")
    effet = forms.ChoiceField(
        label="Elle donne", choices=EffetDecision.choices, widget=forms.RadioSelect, initial="suite"
    )
    changement = forms.CharField(
        label="Ce qui change, précisément",
        max_length=200,
        required=False,
        help_text="Pour un passage, une date ou une cible : « vague 3 reportée de mars à juin ».",
    )
    condition: Any = forms.ChoiceField(
        label="Condition levée",
        required=False,
        help_text="Le plancher légal n'y est pas : personne ne le lève.",
        error_messages={"invalid_choice": "Cette condition ne se lève pas, ou plus : choisissez-en une de la liste."},
    )
    levee_du = saisie_de_date(label="Levée du", required=False)
    levee_au = saisie_de_date(
        label="Jusqu'au", required=False, help_text="Après ce jour, la condition barre à nouveau."
    )
    remplace: Any = ChoixDeDecision(
        Decision.objects.none(),
        label="Remplace",
        required=False,
        empty_label=AUCUNE,
        help_text="Arbitrée, la nouvelle révise celle-ci du même geste.",
        error_messages={"invalid_choice": "Cette décision ne vaut pas, ou plus : choisissez-en une de la liste."},
    )
    revue_le = saisie_de_date(label="À revoir le", required=False)

    DECIDE = ("intitule", "comite", "seance", "texte", "pourquoi")
    POUR_QUI = ("parcours",)
    CHANGE = ("effet", "changement")
    LEVEE = ("condition", "levee_du", "levee_au")
    SUITE = ("remplace", "revue_le")

    def __init__(self, *args: Any, offre: Offre, decision: Decision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.possibles = {p.pk: p for p in offre.parcours}
        champs: Any = self.fields
        champs["comite"].queryset = Instance.objects.filter(pk__in=[c.pk for c in offre.comites])
        champs["seance"].queryset = offre.seances
        champs["remplace"].queryset = offre.remplacables
        champs["parcours"].choices = [
            (p.pk, f"{p}, {p.esms.ville}" if p.esms.ville else str(p)) for p in offre.parcours
        ]
        choix: list[Any] = [("", "Choisir…"), *offre.conditions]
        depart: dict[str, Any] = {"levee_du": timezone.localdate()}
        if len(offre.comites) == 1:
            depart["comite"] = offre.comites[0].pk
        if decision:
            # L'instance qui a numéroté la décision ne change plus.
            del champs["comite"]
            depart = {nom: getattr(decision, nom) for nom in CHAMPS}
            # Née en séance, elle ne disait rien d'une levée : la sienne commence aujourd'hui, sauf à dire autrement.
            depart["levee_du"] = decision.levee_du or timezone.localdate()
            depart["parcours"] = list(decision.portees.values_list("parcours", flat=True))
            if (dite := conditions.get(decision.condition)) and not _propose(choix, dite.code):
                choix.append((dite.code, mots_de(dite)))
        champs["condition"].choices = choix
        self.initial = {**depart, **self.initial}

    @property
    def blocs(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Les champs par question : (ancre, titre, champs)."""
        groupes = (
            ("decide", "Ce qui est décidé", self.DECIDE),
            ("pour-qui", "Pour qui", self.POUR_QUI),
            ("change", "Ce que cela change", self.CHANGE),
            ("levee", "Si elle lève une condition", self.LEVEE),
            ("suite", "Et ensuite", self.SUITE),
        )
        return [(cle, titre, [self[nom] for nom in noms if nom in self.fields]) for cle, titre, noms in groupes]

    def clean(self) -> dict[str, Any]:
        """Dit dès la première lecture, avec le reste, ce que l'effet choisi demande."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        effet = lu.get("effet")
        if effet == EffetDecision.LEVEE and not lu.get("condition") and "condition" not in self.errors:
            self.add_error("condition", CONDITION_A_DIRE)
        precises = (EffetDecision.REGLAGE, EffetDecision.CALENDRIER, EffetDecision.CIBLE)
        if effet in precises and not lu.get("changement") and "changement" not in self.errors:
            self.add_error("changement", CHANGEMENT_A_DIRE)
        return lu

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        lus = super().champs()
        lus["parcours"] = [self.possibles[cle] for cle in lus["parcours"]]
        return lus


def _propose(choix: list[Any], code: str) -> bool:
    """Vrai si le menu, groupes compris, propose ce code."""
    return any(code == cle for _, suite in choix if isinstance(suite, list) for cle, _ in suite)
