"""Saisies de la checklist : une action, une réponse commune, une action du modèle."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from programme.enums import FAITS_A_DATER, FRISE_PARCOURS, NatureFait, Niveau, StatutAction
from programme.forms.actions import ChampResponsable
from programme.forms.champs import GardeNir, Versionne
from programme.forms.parcours import Cochables
from programme.forms.passages import saisie_de_date
from programme.models import LigneChecklist, Parcours, ReponseChecklist, Utilisateur
from programme.services.checklist.lecture import TEMPS_ECRITURE
from programme.socle import versions
from programme.socle.champs import SaisieLibre
from programme.socle.conditions import conditions

FAITS = (StatutAction.FAIT, StatutAction.DEJA_FAIT)


def jeton_de(reponse: ReponseChecklist | None) -> int:
    """Ce que la personne a sous les yeux ; 0 si personne n'a encore répondu."""
    return versions.jeton(ReponseChecklist.history.filter(id=reponse.pk)) if reponse and reponse.pk else 0


class ReponseForm(Versionne):
    """La réponse à une action, sur place : un statut, et ce qu'on veut en dire."""

    statut = forms.ChoiceField(label="Statut", choices=StatutAction.choices)
    motif = SaisieLibre(label="Pourquoi c’est sans objet", required=False, max_length=300, lignes=1)
    echeance = saisie_de_date(label="Pour le", required=False)
    responsable = ChampResponsable(label="Qui s’en charge")
    commentaire = SaisieLibre(label="Commentaire", required=False, max_length=1000)

    def __init__(
        self,
        donnees: Any = None,
        *,
        ligne: LigneChecklist,
        reponse: ReponseChecklist | None,
        comptes: Mapping[Utilisateur, str],
        vu: int | None = None,
        heritee: bool = False,
    ) -> None:
        connu = {c: getattr(reponse, c) for c in ("statut", "motif", "echeance", "commentaire")} if reponse else {}
        connu |= {"responsable": reponse.responsable} if reponse else {}
        initial = connu | {"vu": jeton_de(reponse) if vu is None else vu}
        super().__init__(donnees, initial=initial, prefix=ligne.code)
        champs: dict[str, Any] = self.fields
        champs["responsable"].proposer(comptes, "Personne de nommé")
        if ligne.mesure and not ligne.piece_attendue:
            garde = reponse.statut if reponse else ""
            champs["statut"].choices = [c for c in StatutAction.choices if c[0] not in FAITS or c[0] == garde]
        if heritee:
            # Rien n'est choisi d'avance : une exception se décide, elle ne se prend pas en passant.
            champs["statut"].choices = [("", "Choisir…"), *champs["statut"].choices]
        champs["statut"].error_messages["required"] = "Choisissez un statut."
        champs["statut"].widget.attrs["hx-preserve"] = "true"

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service attend : les champs envoyés, et le jeton lu."""
        lues = dict(self.cleaned_data)
        vu = int(lues.pop("vu") or 0)
        return {nom: v for nom, v in lues.items() if self.add_prefix(nom) in self.data} | {"vu": vu}


class ReponseCommuneForm(GardeNir, forms.Form):
    """La même réponse pour plusieurs ESMS, une chacun."""

    parcours = Cochables(
        label="Cette réponse vaut pour",
        queryset=Parcours.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un ESMS.",
            "invalid_choice": "Un ESMS coché n’attend plus cette réponse : relisez la liste.",
        },
    )
    statut = forms.ChoiceField(label="Statut", choices=StatutAction.choices, initial=StatutAction.FAIT)
    motif = SaisieLibre(label="Pourquoi c’est sans objet", required=False, max_length=300, lignes=1)
    commentaire = SaisieLibre(label="Commentaire", required=False, max_length=1000)

    def __init__(self, *args: Any, choix: Iterable[Parcours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        cles = [p.pk for p in choix]
        champs["parcours"].queryset = Parcours.objects.filter(pk__in=cles).select_related("esms__og", "grappe")


class LigneForm(GardeNir, forms.ModelForm):
    """Une action d'un brouillon de modèle ; son code se choisit une fois."""

    class Meta:
        model = LigneChecklist
        fields = [
            "code", "libelle", "aide", "role", "phase", "niveau", "sans_objet_si", "mesure", "piece_attendue",
            "echeance_etat", "echeance_jours", "source",
        ]  # fmt: skip
        widgets = {"aide": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "code": "Lettres, chiffres, tirets : il relie les réponses d’une version à l’autre, il ne change plus.",
            "libelle": "À l’infinitif : « Consulter le CSE ».",
            "niveau": "Là où l’on répond ; la réponse vaut pour tous dessous.",
            "mesure": "Ce que Treille sait déjà : l’action passe à « fait » d’elle-même.",
            "echeance_jours": "Négatif pour avant : -30, un mois avant.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        etapes = [(e.value, e.label) for e in FRISE_PARCOURS]
        champs["phase"].choices = etapes
        champs["echeance_etat"].choices = [("", "Sans échéance"), *etapes]
        champs["niveau"].choices = Niveau.choices
        champs["sans_objet_si"].choices = [("", "Jamais d’office"), *champs["sans_objet_si"].choices[1:]]
        self.fields["mesure"] = forms.ChoiceField(
            label="Constatée par", choices=mesures_possibles(), required=False, help_text=champs["mesure"].help_text
        )
        if self.instance.pk:
            del self.fields["code"]


def mesures_possibles() -> list[tuple[str, str]]:
    """Ce qu'une action peut constater : un fait daté, une condition de l'ESMS, le temps d'écriture."""
    faits = [(n.value, f"fait daté : {n.label}") for n in NatureFait if n in FAITS_A_DATER]
    autres = [
        (c.code, f"condition : {c.libelle}")
        for c in conditions
        if c.modele == "programme.parcours" and c.code not in FAITS_A_DATER
    ]
    return [("", "Rien : on répond à la main"), *faits, *autres, (TEMPS_ECRITURE, "fiche : temps d'écriture")]


class PublierForm(GardeNir, forms.Form):
    """Ce qui change, en une phrase, pour qui lira la version."""

    note = SaisieLibre(label="Ce qui change, et pourquoi", required=False, max_length=500)
