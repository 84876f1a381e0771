"""Passages d'un retour : de quoi il s'agit, qui s'en occupe, ce qu'on répond, quel autre dit la même chose."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from programme.forms.passages import PassageDuJour, PassageForm, propres
from programme.models import Utilisateur
from programme.socle.champs import SaisieLibre
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture
from usages.enums import ThemeRetour, VoieRetour
from usages.models import Retour
from usages.models.retours import QUEL_THEME, QUEL_TITRE, QUELLE_REPONSE, QUELLE_VOIE, SOUS_LEQUEL
from usages.services.retours.proches import proches_de, regroupables

RESUME = (
    "En une ligne : c'est elle que tous liront, jamais le texte d'origine. N'y mettez personne : ni nom, ni détail qui "
    "ferait reconnaître qui parle ou de qui l'on parle."
)

PLUS_A_CHOISIR = "Ce retour n'est plus de ceux que vous pouvez choisir : prenez-en un autre."


def choix_du_theme() -> forms.ChoiceField:
    """De quoi il s'agit, en cases à choisir."""
    return forms.ChoiceField(
        label="De quoi s'agit-il ?",
        choices=ThemeRetour.choices,
        widget=forms.RadioSelect,
        error_messages={"required": QUEL_THEME},
    )


class ChampResume(SaisieLibre):
    """Le résumé que tous liront : une ligne, qu'on écrit à son aise sur deux."""

    def __init__(self) -> None:
        super().__init__(label="Résumé", max_length=120, help_text=RESUME, error_messages={"required": QUEL_TITRE})

    def to_python(self, value: Any) -> str:
        """Sans retour à la ligne."""
        return " ".join(super().to_python(value).split())


def _rappeler_le_texte(formulaire: forms.Form, retour: Retour) -> None:
    """Sous le résumé, le texte reçu : on le résume en l'ayant sous les yeux."""
    formulaire.fields["titre"].help_text = format_html(
        '{} <span class="d-block mt-1">Le texte reçu : « {} »</span>', RESUME, retour.probleme
    )


class QualifierForm(PassageDuJour):
    """De quoi il s'agit, en un thème et une ligne ; la ligne part des premiers mots reçus."""

    theme = choix_du_theme()
    titre = ChampResume()
    field_order: tuple[str, ...] = ("theme", "titre")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        retour: Any = objet
        self.initial.update({"theme": retour.theme, "titre": retour.resume})
        _rappeler_le_texte(self, retour)


class PrendreEnChargeForm(QualifierForm):
    """Qui s'en occupe ; et de quoi il s'agit, si personne ne l'a encore dit."""

    voie = forms.ChoiceField(
        label="Qui s'en occupe ?",
        choices=VoieRetour.choices,
        widget=forms.RadioSelect,
        error_messages={"required": QUELLE_VOIE},
    )
    field_order = ("voie", "theme", "titre")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        retour: Any = objet
        self.initial["voie"] = retour.voie
        if retour.titre:
            del self.fields["theme"], self.fields["titre"]


class PublierForm(PassageDuJour):
    """Ce qu'on a fait, dit à tous ; et à qui l'a demandé."""

    reponse = SaisieLibre(
        label="La réponse",
        max_length=1000,
        lignes=4,
        help_text="« Nous avons fait… ». Toute l'équipe la lira, sous le résumé ; n'y nommez personne.",
        error_messages={"required": QUELLE_REPONSE},
    )

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        retour: Any = objet
        self.initial["reponse"] = retour.reponse


class NePasRetenirForm(PassageDuJour):
    """Pourquoi l'on ne le fera pas : ce motif est la réponse."""

    titre = ChampResume()
    field_order = ("titre", "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        retour: Any = objet
        self.initial["titre"] = retour.resume
        _rappeler_le_texte(self, retour)
        motif = self.fields["motif"]
        motif.label = "Pourquoi non"
        motif.help_text = "C'est la réponse que son auteur et l'équipe liront : dites la raison, sans nommer personne."
        motif.error_messages["required"] = "Dites pourquoi, en une ligne : c'est la réponse que l'équipe lira."
        if retour.titre:
            del self.fields["titre"]


class RegrouperForm(PassageDuJour):
    """Sous quel retour : l'un des proches, ou celui qu'on a cherché (`?sous=`)."""

    sous = forms.TypedChoiceField(
        label="Celui qui dit la même chose",
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": SOUS_LEQUEL,
            "invalid_choice": PLUS_A_CHOISIR,
        },
    )

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        self.retour: Any = objet
        self.par: Utilisateur = lecture.par
        champ: Any = self.fields["sous"]
        # Une fonction : la page pose « ?sous= » après avoir bâti le formulaire.
        champ.choices = self.offres
        champ.help_text = format_html(
            'Sa voix s\'y ajoute, son texte reste lu. <a href="{}">Chercher un autre retour</a>',
            reverse("usages:retour-regrouper", args=[objet.pk]),
        )

    def offres(self) -> Iterator[tuple[int, str]]:
        """Celui qu'on a choisi, s'il est permis ; sinon les proches."""
        au, voulu = timezone.localdate(), str(self.data.get("sous") or self.initial.get("sous") or "")
        if voulu.isdecimal() and len(voulu) < 19:
            choisis = regroupables(self.retour, self.par, au).filter(pk=int(voulu)).pour_lecture()
            yield from ((r.pk, f"{r} · {r.d_ou}") for r in choisis)
        else:
            yield from ((p.retour.pk, f"{p.retour} · {p.retour.d_ou}") for p in proches_de(self.retour, self.par, au))


class RouvrirForm(PassageForm):
    """Pourquoi la réponse ne tient pas."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.label, motif.help_text = "Ce qui ne va pas encore", "Une ligne. Elle reste au journal."
        motif.error_messages["required"] = "Écrivez ce qui ne va pas encore, en une ligne."


propres.inscrire("retour:qualifier", QualifierForm)
propres.inscrire("retour:prendre_en_charge", PrendreEnChargeForm)
propres.inscrire("retour:publier", PublierForm)
propres.inscrire("retour:ne_pas_retenir", NePasRetenirForm)
propres.inscrire("retour:regrouper", RegrouperForm)
propres.inscrire("retour:rouvrir", RouvrirForm)
