"""Balises et filtres de gabarit du produit : icônes, dates, nombres, champs de formulaire.

Le calcul est dans `dates`, `nombres` et `icones` ; ici, seulement le passage au gabarit.
"""

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.utils import flatatt
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle import dates, icones, nombres, temps_de_saisie, texte

register = template.Library()

register.simple_tag(icones.icone, name="icone")
register.filter("pourcentage", nombres.pourcentage)
register.filter("nombre", nombres.nombre)
register.filter("euros", nombres.euros)
register.filter("largeur_svg", nombres.largeur_svg)
register.filter("accorde", nombres.accorde)
register.filter("finess", nombres.finess)
register.filter("en_phrase", texte.en_phrase)
register.filter("insecables", stringfilter(texte.insecables))
register.filter("en_temps", temps_de_saisie.en_mots)


@register.simple_tag
def crans(rang: int | None) -> SafeString | str:
    """Le sarment de sept crans, ou rien si l'état n'a pas de rang."""
    return "" if rang in (None, "") else icones.crans(int(rang))


@register.filter
def liste_et(elements) -> str:
    """« a, b et c »."""
    return nombres.liste(elements or ())


def _jour(valeur: date | datetime | None) -> date | None:
    """Le jour à l'heure de Paris : un instant gardé en UTC peut tomber la veille."""
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur or None


@register.filter
def date_courte(valeur) -> str:
    return dates.date_courte(_jour(valeur))


@register.filter
def jour_mois(valeur) -> str:
    return dates.jour_mois(_jour(valeur))


@register.filter
def date_longue(valeur) -> str:
    return dates.date_longue(_jour(valeur))


@register.filter
def jour_date_longue(valeur) -> str:
    return dates.date_longue(_jour(valeur), avec_jour=True)


@register.filter
def mois(valeur) -> str:
    return dates.mois(_jour(valeur))


@register.filter
def fin_du_mois(valeur) -> str:
    return dates.fin_du_mois(_jour(valeur))


@register.filter
def heure(valeur: datetime | None) -> str:
    return dates.heure(timezone.localtime(valeur) if valeur and timezone.is_aware(valeur) else valeur)


@register.filter
def il_y_a(valeur) -> str:
    return dates.il_y_a(_jour(valeur), timezone.localdate())


@register.filter
def nature_champ(champ: BoundField) -> str:
    """Comment disposer le champ : « choix » (radios, cases), « case » seule, « groupe » de saisies, ou « ligne »."""
    saisie = champ.field.widget
    if isinstance(saisie, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choix"
    if isinstance(saisie, forms.CheckboxInput):
        return "case"
    if isinstance(saisie, forms.MultiWidget) or champ.use_fieldset:
        return "groupe"
    return "ligne"


def _classe_saisie(saisie: forms.Widget) -> str:
    if isinstance(saisie, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(saisie, forms.Select):
        return "form-select"
    return "form-control"


@register.filter
def saisie(champ: BoundField) -> SafeString:
    """La saisie avec sa classe Bootstrap ; Django y met lui-même aria-describedby et aria-invalid."""
    widget = champ.field.widget
    propres = widget.attrs.get("class", "")
    return champ.as_widget(attrs={"class": f"{_classe_saisie(widget)} {propres}".strip()})


@register.filter
def cochable(option: BoundWidget) -> SafeString:
    """Une radio ou une case d'un groupe, avec sa classe Bootstrap."""
    # Écrite d'un trait : le gabarit de Django par option coûte cent fois la ligne qu'il rend.
    lue = option.data
    valeur = {} if lue["value"] is None else {"value": str(lue["value"])}
    attributs = {"type": lue["type"], "name": lue["name"], **valeur, **lue["attrs"], "class": "form-check-input"}
    return format_html("<input{}>", flatatt(attributs))


@register.inclusion_tag("composants/duree_de_saisie.html")
def duree_de_saisie(saisie: Any, de_quoi: str = "") -> dict[str, str]:
    """Ce que demande la saisie, dit une fois avant de commencer : « Environ 2 min ».

    `saisie` : un formulaire, plusieurs, ou des secondes. `de_quoi` : « par action ».
    """
    if not isinstance(saisie, int):
        formulaires = saisie if isinstance(saisie, list) else [saisie]
        saisie = sum(temps_de_saisie.secondes_de(formulaire) for formulaire in formulaires)
    return {"duree": temps_de_saisie.annoncer(saisie), "de_quoi": de_quoi}
