"""Formulaires des réponses aux retours : « nous aussi », l'affiche à imprimer, un lien à créer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.passages import saisie_de_date
from programme.models import Parcours, Unite
from usages.models import LienDeRetour
from usages.services.retours.liens import PASSEE

ENTIER = "esms"
DEJA_PRIS = "Il y a déjà un lien ouvert à cette place : choisissez-en une autre."
PAPIERS = (("a4", "A4"), ("a3", "A3, pour un couloir"))


class SoutienForm(forms.Form):
    """La clé tirée avec la page : le même bouton, deux fois pressé, ne compte qu'une voix."""

    cle = forms.UUIDField()
    parcours = forms.IntegerField(required=False)


class AfficheForm(forms.Form):
    """Depuis quand on reprend les réponses, sur quel papier, et vers quel lien mène le code à viser."""

    depuis = saisie_de_date(
        label="Réponses publiées depuis le",
        required=False,
        help_text="De trois à huit réponses, les plus récentes d'abord. Vide : les huit dernières.",
    )
    papier = forms.ChoiceField(label="Papier", choices=PAPIERS, initial="a4", required=False)
    lien: Any = forms.ChoiceField(
        label="Code à viser",
        required=False,
        help_text="L'équipe qui vise le code donne son retour et suit les réponses.",
    )

    def __init__(self, *args: Any, liens: Sequence[LienDeRetour] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.liens = {str(lien.pk): lien for lien in liens}
        if len(self.liens) > 1:
            champ: Any = self.fields["lien"]
            champ.choices = [(cle, _nommer(lien)) for cle, lien in self.liens.items()]
        else:
            del self.fields["lien"]

    def clean_papier(self) -> str:
        """A4 sans précision."""
        return self.cleaned_data["papier"] or "a4"

    @property
    def lien_choisi(self) -> LienDeRetour | None:
        """Le lien du code : celui qu'on a choisi, sinon le premier ; None s'il n'y en a pas d'ouvert."""
        premier = next(iter(self.liens.values()), None)
        return self.liens.get(self.cleaned_data.get("lien", ""), premier)


def _nommer(lien: LienDeRetour) -> str:
    return str(lien.unite) if lien.unite else "L'ESMS entier"


class LienForm(forms.Form):
    """Pour quelle unité, et jusqu'à quand. `libres` : celles qui n'ont pas de lien ouvert ; None, l'ESMS entier."""

    unite: Any = forms.ChoiceField(label="Pour", error_messages={"invalid_choice": DEJA_PRIS})
    expire_le = saisie_de_date(
        label="Jusqu'au",
        required=False,
        help_text="Vide : ouvert tant qu'on ne le révoque pas. Une date convient à une affiche d'un mois.",
    )

    def __init__(self, *args: Any, libres: Sequence[Unite | None], parcours: Parcours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.libres = {str(unite.pk) if unite else ENTIER: unite for unite in libres}
        champ: Any = self.fields["unite"]
        champ.choices = [
            (cle, str(unite) if unite else f"L'ESMS entier ({parcours})") for cle, unite in self.libres.items()
        ]

    def clean_expire_le(self) -> Any:
        """Un jour à venir, ou aucun."""
        jour = self.cleaned_data["expire_le"]
        if jour and jour < timezone.localdate():
            raise forms.ValidationError(PASSEE)
        return jour

    def champs(self) -> dict[str, Any]:
        """Ce que le service attend."""
        return {"unite": self.libres[self.cleaned_data["unite"]], "expire_le": self.cleaned_data["expire_le"]}
