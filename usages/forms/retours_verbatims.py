"""Corriger un verbatim, noter qui parle, les accords, et si l'on s'y reconnaît."""

from typing import Any

from django import forms

from programme.forms.champs import Versionne
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre
from usages.enums import Anonymat, Consentement, SituationDite, ThemeEffet, VoixDite
from usages.models import Verbatim
from usages.services.retours.verbatims import ENSUITE, JOURS, PROTEGEES, QUEL_JOUR

RETIRER = (
    "Retirer un accord fait disparaître ces mots de partout, des monographies déjà publiées aussi (page, PDF, DOCX). "
    "Le retrait reste noté."
)
SANS_ACCORD = "Sans accord donné, ces mots ne sortent d'aucun document. Un accord retiré reste noté."
DES_DEUX = "D'une personne mineure ou protégée, il faut les deux : l'accord de son représentant et le sien."
INVALIDE = "Cet accord ne peut pas devenir cela : choisissez dans la liste."


def choix_de_voix(**kwargs: Any) -> forms.ChoiceField:
    """Qui parle."""
    return forms.ChoiceField(label="Qui parle", choices=VoixDite.choices, required=False, **kwargs)


def choix_de_situation(**kwargs: Any) -> forms.ChoiceField:
    """Majeure, mineure, protégée."""
    aide = "D'une personne accompagnée, il faut le savoir : l'accord à demander en dépend."
    return forms.ChoiceField(
        label="Cette personne est",
        choices=SituationDite.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=aide,
        **kwargs,
    )


def choix_de_theme(**kwargs: Any) -> forms.ChoiceField:
    """Le thème, qui range les verbatims."""
    return forms.ChoiceField(label="Thème", choices=[("", "Sans thème"), *ThemeEffet.choices], required=False, **kwargs)


def _choix_d_accord(label: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est l'accord.", "invalid_choice": INVALIDE},
        **kwargs,
    )


class VerbatimForm(Versionne):
    """Les mots, qui les a dits, les accords et leur jour ; on n'offre que ce qu'un accord peut devenir."""

    texte = SaisieLibre(
        label="Ce qui a été dit",
        max_length=1000,
        lignes=4,
        help_text="Les mots se corrigent tant que l'accord est à demander.",
        error_messages={"required": "Gardez au moins quelques mots."},
    )
    qui = forms.CharField(
        label="Qui l'a dit (un rôle)",
        max_length=80,
        help_text="« une éducatrice », jamais un nom.",
        error_messages={"required": "Dites son rôle, ou « dit sans nom »."},
    )
    voix = choix_de_voix()
    situation = choix_de_situation()
    accord_representant = _choix_d_accord("Accord du représentant", required=False, help_text=DES_DEUX)
    accord_representant_le = saisie_de_date(
        label="Dit par le représentant le", required=False, help_text="Le jour où il a accepté, refusé ou retiré."
    )
    consentement = _choix_d_accord("Accord de la personne", help_text=SANS_ACCORD)
    consentement_le = saisie_de_date(
        label="Dit le", required=False, help_text="Le jour où la personne a accepté, refusé ou retiré son accord."
    )
    anonymat = forms.ChoiceField(
        label="Relus, ces mots laissent-ils reconnaître quelqu'un ?",
        choices=Anonymat.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Un professionnel ou une direction peut accepter d'être reconnu ; une personne accompagnée, un "
        "proche, un mineur, une personne protégée, jamais.",
    )
    theme = choix_de_theme()

    DU_REPRESENTANT = ("accord_representant", "accord_representant_le")

    def __init__(self, *args: Any, verbatim: Verbatim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verbatim = verbatim
        dits = ("texte", "qui", "voix", "situation", "anonymat", "theme", *JOURS, *JOURS.values())
        self.initial = {champ: getattr(verbatim, champ) for champ in dits} | {"vu": verbatim.jeton}
        for accord in JOURS:
            etait = getattr(verbatim, accord)
            champ: Any = self.fields[accord]
            champ.choices = [(c.value, c.label) for c in ENSUITE[etait]]
            if etait == Consentement.DONNE:
                champ.help_text = RETIRER
        if verbatim.les_mots_sont_figes:
            del self.fields["texte"]

    def clean(self) -> dict[str, Any]:
        """Tout accord dit a son jour ; celui du représentant ne se lit que s'il le faut."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        lu["anonymat"] = lu.get("anonymat") or self.verbatim.anonymat
        if lu.get("situation") not in PROTEGEES:
            for champ in self.DU_REPRESENTANT:
                self.errors.pop(champ, None)
                lu.pop(champ, None)
        elif not lu.get("accord_representant") and "accord_representant" not in self.errors:
            lu["accord_representant"] = self.verbatim.accord_representant
            lu["accord_representant_le"] = lu.get("accord_representant_le") or self.verbatim.accord_representant_le
        for accord, jour in JOURS.items():
            dit = lu.get(accord) not in (None, "", Consentement.A_DEMANDER)
            if dit and not lu.get(jour) and jour not in self.errors:
                self.add_error(jour, QUEL_JOUR)
        return lu
