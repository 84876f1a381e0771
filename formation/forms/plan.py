"""Le plan de formation : un module, les seuils, un formateur, ce qu'un ESMS en fait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from formation.enums import Modalite, NatureFormation
from formation.models import Formateur, ModuleFormation, PlanFormation
from formation.services import formateurs
from formation.services.declinaisons import CHAMPS, Choix, champ_de
from formation.services.plan import CHAMPS_DU_MODULE, CHAMPS_DU_PLAN
from programme.forms.champs import VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Grappe, Metier, Module, OrganismeGestionnaire, Parcours
from programme.socle.champs import SaisieLibre, refuser_nir

PART = "Une part : un nombre entre 0 et 100."
MODALITE = "Choisissez une modalité de la liste."
JOURS = "Un nombre de jours, entre 1 et 365."


def _entier(label: str, bas: int, haut: int, phrase: str, **kwargs: Any) -> forms.IntegerField:
    messages = {"min_value": phrase, "max_value": phrase, "invalid": phrase}
    return forms.IntegerField(label=label, min_value=bas, max_value=haut, error_messages=messages, **kwargs)


def _part(label: str, **kwargs: Any) -> forms.IntegerField:
    return _entier(label, 0, 100, PART, **kwargs)


def _cases(label: str, queryset: Any, **kwargs: Any) -> forms.ModelMultipleChoiceField:
    messages = {"invalid_choice": "Une case cochée n'est plus sur cette page : relisez-la."}
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=queryset,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=messages,
        **kwargs,
    )


class ModuleFormationForm(VersionneEnEntier):
    """Ce qu'on enseigne, à qui, comment, combien de temps."""

    nom = forms.CharField(label="Nom", max_length=120)
    nature = forms.ChoiceField(
        label="Nature",
        choices=NatureFormation.choices,
        help_text="Ce par quoi deux grappes se comparent. « Prise en main du DUI » ouvre une unité.",
    )
    objectif = SaisieLibre(label="À la fin, on sait", required=False, max_length=600)
    publics = _cases("À qui il s'adresse", Metier.objects.all(), help_text="Rien de coché : à tous les métiers.")
    est_socle = forms.BooleanField(
        label="Au socle : tout son public le suit",
        required=False,
        help_text="Il compte alors dans la couverture et dans le besoin en places.",
    )
    modalite = forms.ChoiceField(label="Modalité", choices=Modalite.choices, help_text="Chaque ESMS peut changer.")
    duree_minutes = _entier(
        "Durée pour une personne, en minutes",
        1,
        6000,
        "Une durée en minutes, entre 1 et 6 000.",
        help_text="180 : 3 h.",
    )
    places_par_session = _entier("Places par session", 1, 500, "Un nombre de places, entre 1 et 500.")
    validite_mois = _entier(
        "À refaire après, en mois",
        1,
        120,
        "Un nombre de mois, entre 1 et 120 ; vide s'il ne se refait pas.",
        required=False,
        help_text="Vide : ne se refait pas.",
    )
    modules = _cases("Modules du DUI enseignés", Module.objects.none(), help_text="Rien de coché : tous.")
    ordre = _entier("Rang dans le plan", 0, 999, "Un rang, entre 0 et 999.", help_text="Le plus petit vient d'abord.")

    def __init__(self, *args: Any, grappe: Grappe, module: ModuleFormation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = module or ModuleFormation(grappe=grappe)
        connus = {nom: getattr(source, nom) for nom in CHAMPS_DU_MODULE}
        if module:
            connus |= {"publics": list(module.publics.all()), "modules": list(module.modules.all())}
        self.initial = {**connus, **self.initial}
        champs: dict[str, Any] = self.fields
        # Un module sorti du périmètre de la grappe reste proposé là où il est coché.
        deja = [m.pk for m in connus.get("modules", ())]
        champs["modules"].queryset = (grappe.modules.all() | Module.objects.filter(pk__in=deja)).distinct()
        if not champs["modules"].queryset.exists():
            del champs["modules"]


class ReglagesForm(VersionneEnEntier):
    """Les seuils et les délais d'une grappe."""

    seuil_couverture = _part(
        "Couverture demandée pour ouvrir, en %",
        help_text="En dessous, l'ouverture d'une unité avertit ; elle ne barre pas.",
    )
    seuil_satisfaction = _part("Satisfaction attendue, en %", help_text="En dessous, une reprise est proposée.")
    seuil_acquis = _part("Acquis attendu, en %", help_text="« Je saurais le faire demain » : en dessous, une reprise.")
    delai_arrivant = _entier("Former un arrivant sous, en jours", 1, 365, JOURS)
    delai_a_froid = _entier("Demander l'avis à froid après, en jours", 1, 365, JOURS)

    def __init__(self, *args: Any, reglages: PlanFormation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**{nom: getattr(reglages, nom) for nom in CHAMPS_DU_PLAN}, **self.initial}


class FormateurForm(VersionneEnEntier):
    """Qui anime : une fonction, d'où il vient, son temps, ce qu'il anime."""

    fonction = forms.CharField(
        label="Fonction",
        max_length=120,
        help_text="Plutôt qu'un nom : « Référente DUI du pôle enfance ».",
    )
    parcours = forms.ModelChoiceField(
        label="ESMS", queryset=Parcours.objects.none(), required=False, empty_label="Aucun en particulier"
    )
    og = forms.ModelChoiceField(
        label="Organisme gestionnaire",
        queryset=OrganismeGestionnaire.objects.none(),
        required=False,
        empty_label="Aucun en particulier",
        help_text="Laissez vide si l'ESMS est donné.",
    )
    organisme = forms.CharField(
        label="Entreprise, s'il est extérieur",
        max_length=120,
        required=False,
        help_text="L'éditeur, un organisme de formation.",
    )
    heures_prevues = _entier("Temps prévu, en heures", 0, 5000, "Un nombre d'heures, entre 0 et 5 000.", required=False)
    heures_accordees = _entier(
        "Temps accordé, en heures",
        0,
        5000,
        "Un nombre d'heures, entre 0 et 5 000.",
        required=False,
        help_text="Ce que sa direction lui donne vraiment.",
    )
    modules = _cases("Anime", ModuleFormation.objects.none())

    def __init__(self, *args: Any, grappe: Grappe, formateur: Formateur | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        engages = Parcours.objects.dans_le_projet().filter(grappe=grappe)
        champs["parcours"].queryset = engages.select_related("esms").order_by("esms__nom")
        champs["og"].queryset = OrganismeGestionnaire.objects.filter(
            pk__in=engages.order_by().values("esms__og")
        ).order_by("nom")
        champs["modules"].queryset = ModuleFormation.objects.filter(grappe=grappe).en_vigueur()
        if not champs["modules"].queryset.exists():
            del champs["modules"]
        if formateur:
            connus = {nom: getattr(formateur, nom) for nom in formateurs.CHAMPS}
            self.initial = {**connus, "modules": list(formateur.modules.all()), **self.initial}


@dataclass(frozen=True, slots=True)
class LigneDeclinaison:
    """Un module et ses quatre saisies."""

    module: ModuleFormation
    choix: Choix
    sans_objet: Any
    motif: Any
    modalite: Any
    date_visee: Any


class DeclinaisonsForm(VersionneEnEntier):
    """Tout le plan d'un ESMS sur une page : une ligne par module, enregistrées d'un coup."""

    def __init__(
        self, *args: Any, modules: Iterable[ModuleFormation], choix: Mapping[int, Choix], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.modules, self.choix = list(modules), choix
        for module in self.modules:
            self._ajouter(module, choix.get(module.pk, Choix()))

    def _ajouter(self, module: ModuleFormation, choix: Choix) -> None:
        modalites = [("", "Comme la grappe"), *Modalite.choices]
        champs: dict[str, forms.Field] = {
            "sans_objet": forms.BooleanField(label=f"Sans objet ici : {module}", required=False),
            "motif": forms.CharField(
                label=f"Pourquoi : {module}", max_length=200, required=False, validators=[refuser_nir]
            ),
            "modalite": forms.ChoiceField(
                label=f"Modalité ici : {module}",
                choices=modalites,
                required=False,
                error_messages={"invalid_choice": MODALITE},
            ),
            "date_visee": saisie_de_date(label=f"À finir avant le : {module}", required=False),
        }
        for nom, champ in champs.items():
            self.fields[champ_de(module.pk, nom)] = champ
            self.initial[champ_de(module.pk, nom)] = getattr(choix, nom)

    def lignes(self) -> list[LigneDeclinaison]:
        """Une ligne par module, ses saisies prêtes à écrire."""
        return [
            LigneDeclinaison(m, self.choix.get(m.pk, Choix()), *(self[champ_de(m.pk, nom)] for nom in CHAMPS))
            for m in self.modules
        ]

    def saisis(self) -> dict[int, Choix]:
        """Ce qui est envoyé, par clé de module."""
        return {m.pk: Choix(*(self.cleaned_data[champ_de(m.pk, nom)] for nom in CHAMPS)) for m in self.modules}
