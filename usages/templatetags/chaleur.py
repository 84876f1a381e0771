"""`{% cases_de ligne %}` : les cases d'un ESMS. Une carte en a deux mille : les écrire une à une coûtait la page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from usages.dessins.chaleur import Case, Ligne

register = template.Library()
_ECART, _DIT = "<small>{}</small>", '<span class="visually-hidden"> {}</span>'


def _case(case: Case) -> SafeString:
    ecart = format_html(_ECART, case.ecart) if case.ecart else ""
    dit = format_html(_DIT, case.dit) if case.dit else ""
    return format_html('<td class="{}">{}{}{}</td>', case.classe, case.texte, ecart, dit)


@register.simple_tag
def cases_de(ligne: Ligne) -> SafeString:
    """Une cellule par indicateur : ce qui s'écrit, l'écart, et ce qui se dit à qui ne voit pas les teintes."""
    return mark_safe("".join(_case(c) for c in ligne.cases))
