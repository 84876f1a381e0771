"""La passation d'un départ : une date, un successeur commun, et ce que devient chaque rôle."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import Coches, GardeNir
from programme.forms.passages import saisie_de_date
from programme.forms.perimetre import CompteForm
from programme.models import Affectation, Utilisateur
from programme.permissions import peut_administrer
from programme.services.passation import ACTIONS, CONFIER, GARDER, Geste, Successeur
from programme.services.passation_actions import ActionAPasser


class SuccesseurForm(CompteForm):
    """À qui confier, si quelqu'un succède ; un compte qui existe, ou une personne à inviter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identifiant"].required = False

    def clean_identifiant(self) -> str:
        """Rien d'écrit : personne."""
        return super().clean_identifiant() if self.cleaned_data["identifiant"].strip() else ""

    def clean(self) -> dict[str, Any]:
        """Un compte inconnu demande de quoi l'inviter."""
        champs = super().clean() or self.cleaned_data
        self.exiger_compte()
        return champs

    def successeur(self) -> Successeur | None:
        """La personne écrite ici ; None si rien ne l'est."""
        lu = self.cleaned_data
        if not lu.get("identifiant"):
            return None
        return Successeur(self.compte, lu["identifiant"], lu.get("nom", ""), lu.get("courriel", ""))


class LigneForm(SuccesseurForm):
    """Un rôle : gardé, confié, terminé."""

    action = forms.ChoiceField(label="Ce rôle", choices=ACTIONS, initial=GARDER, widget=forms.RadioSelect)

    def __init__(self, *args: Any, affectation: Affectation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.affectation = affectation
        self.fields["identifiant"].label = "À quelqu'un d'autre que le successeur commun"
        self.fields["identifiant"].help_text = ""


class PassationForm(GardeNir, forms.Form):
    """Le dernier jour, le compte à fermer, le jeton de la page."""

    vu = forms.CharField(widget=forms.HiddenInput, required=False)
    dernier_jour = saisie_de_date(
        label="Dernier jour", help_text="Ses rôles s'arrêtent ce jour-là ; son successeur commence le lendemain."
    )
    fermer = forms.BooleanField(
        label="Fermer aussi son compte",
        required=False,
        help_text="La personne est déconnectée et ses jetons d'API sont révoqués. Aucun rôle ne doit lui rester.",
    )


class ActionsForm(GardeNir, forms.Form):
    """Les actions ouvertes de qui part : celles qui changent de main, et à qui, si ce n'est au successeur du rôle."""

    actions = Coches(label="Ces actions changent de main")
    identifiant = forms.CharField(
        label="À quelqu'un d'autre que le successeur du rôle",
        max_length=120,
        required=False,
        help_text="L'identifiant d'un compte qui voit ces actions. Vide : chacune suit le rôle qui la couvre.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    compte: Utilisateur | None = None

    def __init__(self, donnees: Any, *, actions: Iterable[ActionAPasser]) -> None:
        self.connues = {x.action.pk: x for x in actions}
        super().__init__(donnees, prefix="actions", initial={"actions": list(self.connues)})
        champ: Any = self.fields["actions"]
        champ.choices = [(cle, f"{x.action}, {x.action.pour}") for cle, x in self.connues.items()]

    def clean_identifiant(self) -> str:
        """Un compte qui existe, ou rien."""
        texte = self.cleaned_data["identifiant"].strip()
        self.compte = Utilisateur.objects.filter(identifiant__iexact=texte, is_active=True).first() if texte else None
        if texte and self.compte is None:
            raise forms.ValidationError(f"Aucun compte ouvert n'a l'identifiant « {texte} ».")
        return texte

    def choisies(self) -> list[ActionAPasser]:
        """Celles qui changent de main."""
        return [self.connues[cle] for cle in self.cleaned_data["actions"]]


class PassationEntiere:
    """La page entière : le commun, le successeur, une ligne par rôle que l'on peut traiter, les actions ouvertes."""

    def __init__(
        self,
        donnees: Any,
        *,
        lignes: Iterable[Affectation],
        par: Utilisateur,
        vu: str,
        actions: Iterable[ActionAPasser] = (),
    ) -> None:
        self.commun = PassationForm(donnees, initial={"dernier_jour": timezone.localdate(), "vu": vu})
        if not peut_administrer(par):
            del self.commun.fields["fermer"]
        self.suite = SuccesseurForm(donnees, par=par, prefix="suite")
        self.lignes = [LigneForm(donnees, par=par, affectation=a, prefix=f"role-{a.pk}") for a in lignes if a.traitable]
        self.actions = ActionsForm(donnees, actions=actions)

    @property
    def formulaires(self) -> list[forms.Form]:
        """Tous, dans l'ordre de la page."""
        return [self.commun, self.suite, *self.lignes, *([self.actions] if self.actions.connues else [])]

    def is_valid(self) -> bool:
        """Toutes les fautes d'un coup."""
        return all([f.is_valid() for f in self.formulaires])

    def fautes(self) -> Iterator[tuple[str, str]]:
        """(ancre, phrase) de chaque faute, pour le résumé."""
        for formulaire in self.formulaires:
            ou = f"{formulaire.affectation} : " if isinstance(formulaire, LigneForm) else ""
            for nom, phrases in formulaire.errors.items():
                champ = formulaire[nom] if nom in formulaire.fields else None
                for phrase in phrases:
                    yield (champ.auto_id if champ else "", f"{ou}{champ.label + ' : ' if champ else ''}{phrase}")

    def reporter(self, champs: dict[str, list[str]]) -> None:
        """Écrit les fautes d'un service là où elles sont."""
        places: dict[str, tuple[forms.Form, str]] = {str(f.prefix): (f, "action") for f in self.lignes}
        places["actions-identifiant"] = (self.actions, "identifiant")
        for nom, phrases in champs.items():
            formulaire, champ = places.get(nom, (self.commun, nom if nom in self.commun.fields else None))
            for phrase in phrases:
                formulaire.add_error(champ, phrase)

    def gestes(self) -> list[Geste]:
        """Ce que devient chaque rôle ; sans autre nom sur la ligne, le successeur commun."""
        return [
            Geste(f.affectation, f.cleaned_data["action"], (f.successeur() or commun) if _confie(f) else None)
            for f in self.lignes
            for commun in [self.suite.successeur()]
        ]

    def actions_choisies(self) -> list[ActionAPasser]:
        """Les actions qui changent de main."""
        return self.actions.choisies() if self.actions.connues else []

    def cachees(self) -> list[tuple[str, str]]:
        """Toute la saisie, à redonner avec la confirmation."""
        noms = [f.add_prefix(n) for f in self.formulaires for n in f.fields]
        donnees: Any = self.commun.data
        return [(n, v) for n in noms for v in donnees.getlist(n)]


def _confie(ligne: LigneForm) -> bool:
    return bool(ligne.cleaned_data["action"] == CONFIER)
