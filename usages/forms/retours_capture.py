"""Donner un retour, depuis le lien d'une unité ou depuis son compte : deux questions, le reste facultatif."""

from typing import Any
from uuid import uuid4

from django import forms

from programme.forms.champs import GardeNir
from programme.models import Metier, Module, Unite
from programme.socle import texte
from programme.socle.champs import SaisieLibre
from usages.calculs import codes_de_suivi
from usages.enums import CanalRetour, GraviteRetour, NiveauRetour
from usages.services.retours.capture import Offre, empreinte_d_envoi
from usages.services.retours.depot import Depot

IMAGES = "image/jpeg,image/png,image/webp"
SANS_COMPTE = [(c.value, c.label) for c in (CanalRetour.AUCUN, CanalRetour.CODE, CanalRetour.COURRIEL)]
AVEC_COMPTE = [
    (CanalRetour.COMPTE, "Avec mon nom : je lirai la réponse dans Treille"),
    (CanalRetour.AUCUN, "Sans mon nom : je lirai l'affiche"),
]
GRAVITES = [
    (GraviteRetour.MINEURE, "On fait avec"),
    (GraviteRetour.GENANTE, "Ça gêne"),
    (GraviteRetour.BLOQUANTE, "Ça bloque"),
]
RIEN_DIT = "Dites en quelques mots ce qui a posé problème : c'est la seule chose obligatoire."
QUELLE_ADRESSE = "Écrivez l'adresse où recevoir la réponse, ou choisissez « Je lirai l'affiche »."
SUIVI_FAUX = "Le code de suivi n'a pas la forme attendue : rechargez la page."


def _texte(question: str, **champ: Any) -> SaisieLibre:
    """Un grand champ tout simple : la dictée du téléphone y écrit comme au clavier."""
    return SaisieLibre(
        label=question,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "fr", "autocomplete": "off", "autocapitalize": "sentences"}),
        **champ,
    )


class RetourForm(GardeNir, forms.Form):
    """Les deux questions et ce qui les situe ; `averti` : relu, à envoyer quand même."""

    probleme = _texte("Qu'est-ce qui a posé problème ?", error_messages={"required": RIEN_DIT})
    amelioration = _texte("Comment l'améliorer ?", required=False)
    module: Any = forms.ModelChoiceField(
        Module.objects.all(), label="Dans quel module", required=False, empty_label="Je ne sais pas, ou aucun"
    )
    unite: Any = forms.ModelChoiceField(
        Unite.objects.none(), label="Dans quelle unité", required=False, empty_label="L'établissement entier"
    )
    gravite = forms.ChoiceField(
        label="Gravité",
        choices=GRAVITES,
        initial=GraviteRetour.GENANTE,
        widget=forms.RadioSelect,
        required=False,
    )
    metier: Any = forms.ModelChoiceField(
        Metier.objects.all(), label="Votre métier", required=False, empty_label="Je préfère ne pas le dire"
    )
    canal = forms.ChoiceField(label="La réponse", choices=SANS_COMPTE, widget=forms.RadioSelect, required=False)
    photo = forms.FileField(
        label="Une photo de l'écran",
        required=False,
        help_text="Sans aucun nom ni visage. Elle part sans le lieu ni l'heure que l'appareil y écrit.",
        widget=forms.FileInput(attrs={"accept": IMAGES}),
    )
    averti = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offre: Offre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offre = offre
        self.a_confirmer = ""
        champs: dict[str, Any] = self.fields
        champs["module"].choices = [("", champs["module"].empty_label), *self._modules(offre)]
        champs["unite"].queryset = Unite.objects.filter(pk__in=[u.pk for u in offre.unites])
        if not offre.unites:
            del self.fields["unite"]

    def _modules(self, offre: Offre) -> list[Any]:
        """Ceux que l'unité a ouverts d'abord : c'est d'eux qu'elle parle."""
        groupes = [("Ouverts chez vous", offre.ouverts), ("Les autres", offre.autres)]
        pleins = [(nom, [(m.pk, str(m)) for m in modules]) for nom, modules in groupes if modules]
        return pleins if len(pleins) > 1 else [choix for _, lot in pleins for choix in lot]

    def clean_gravite(self) -> str:
        """Sans rien choisir, ça gêne."""
        return str(self.cleaned_data["gravite"] or GraviteRetour.GENANTE)

    def clean(self) -> dict[str, Any]:
        """Ce qui ressemble à une personne se relit une fois ; un second envoi passe."""
        champs = super().clean() or self.cleaned_data
        textes = [champs.get(nom, "") for nom in ("probleme", "amelioration")]
        if not champs.get("averti") and (phrases := [p for t in textes for p in texte.avertissements(t)]):
            self.a_confirmer = phrases[0]
            self.add_error(None, phrases[0])
        return champs

    def depot(self, **de_plus: Any) -> Depot:
        """Ce qu'attend le service."""
        lus = self.cleaned_data
        champs: dict[str, Any] = {
            "probleme": lus["probleme"],
            "amelioration": lus["amelioration"],
            "gravite": lus["gravite"],
            "module": lus["module"],
            "unite": lus.get("unite"),
            "metier": lus.get("metier"),
        }
        return Depot(**champs | de_plus)


class CaptureForm(RetourForm):
    """Sans compte, depuis le lien d'une unité. `cle` : tirée par l'appareil, elle rend l'envoi rejouable."""

    au_nom = forms.BooleanField(label="Envoyer au nom de l'établissement", required=False)
    courriel = forms.EmailField(
        label="Votre adresse",
        required=False,
        help_text="Elle ne sert qu'à cette réponse, puis s'efface.",
        error_messages={"invalid": "Cette adresse n'est pas complète : vérifiez-la, ou choisissez une autre façon."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Rechargez la page, puis renvoyez."})
    suivi = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unite: Unite | None, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.unite = unite
        self.fields["cle"].initial = uuid4
        self.fields["canal"].initial = CanalRetour.AUCUN

    def clean_suivi(self) -> str:
        """L'empreinte d'un code, jamais le code."""
        suivi = str(self.cleaned_data["suivi"])
        if suivi and not empreinte_d_envoi(suivi):
            raise forms.ValidationError(SUIVI_FAUX)
        return suivi

    def clean(self) -> dict[str, Any]:
        """Par courriel, il faut une adresse ; autrement, celle qui traîne ne se garde pas."""
        champs = super().clean()
        if champs.get("canal") == CanalRetour.COURRIEL and not champs.get("courriel") and "courriel" not in self.errors:
            self.add_error("courriel", QUELLE_ADRESSE)
        return champs

    def depot(self, **de_plus: Any) -> Depot:
        """Le dépôt de ce lien : son unité l'emporte sur celle qu'on aurait choisie."""
        lus = self.cleaned_data
        propres = {
            "cle": lus["cle"],
            "unite": self.unite or lus.get("unite"),
            "niveau": NiveauRetour.ESMS if lus["au_nom"] else NiveauRetour.UNITE,
            "canal": lus["canal"] or CanalRetour.AUCUN,
            "suivi": lus["suivi"],
            "courriel": lus["courriel"],
        }
        return super().depot(**propres | de_plus)


class DonnerForm(RetourForm):
    """Depuis un compte : avec son nom, ou sans."""

    field_order = ("probleme", "amelioration", "gravite", "module", "unite", "au_nom", "canal", "photo")
    au_nom = forms.BooleanField(label="Envoyer au nom de l'établissement, sans dire l'unité", required=False)
    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["metier"]
        canal: Any = self.fields["canal"]
        canal.choices, canal.initial, canal.label = AVEC_COMPTE, CanalRetour.COMPTE, "Votre nom"
        canal.required = True
        self.fields["cle"].initial = uuid4
        if not self.offre.unites:
            del self.fields["au_nom"]
        elif self.offre.devinables:
            self.fields["au_nom"].help_text = "Dans une équipe de moins de huit personnes, on peut deviner qui parle."

    def depot(self, **de_plus: Any) -> Depot:
        """Le dépôt de ce compte."""
        lus = self.cleaned_data
        niveau = NiveauRetour.ESMS if lus.get("au_nom") else NiveauRetour.UNITE
        return super().depot(cle=lus["cle"], canal=lus["canal"], niveau=niveau, **de_plus)


class SuiviForm(GardeNir, forms.Form):
    """Le code qu'on a recopié ; il part dans le corps de la demande, jamais dans l'adresse."""

    code = forms.CharField(
        label="Votre code",
        max_length=40,
        help_text="Douze lettres et chiffres, comme 7K2M-Q9TX-4HBD. Les tirets et les majuscules ne comptent pas.",
        error_messages={"required": "Recopiez le code noté en envoyant votre retour."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Un code a douze signes."""
        code = codes_de_suivi.compacter(str(self.cleaned_data["code"]))
        if not code:
            raise forms.ValidationError("Un code a douze lettres et chiffres : vérifiez celui que vous avez noté.")
        return code
