"""Les dessins en ligne : icônes (jeu Lucide, licence ISC), ronds d'ouverture, sarment de crans.

Le SVG est dans la page plutôt que dans un fichier à part : ni requête de plus, ni exception à la politique de
sécurité, et l'impression le garde. Une icône accompagne toujours un mot : elle est cachée aux lecteurs d'écran.
"""

import re
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

CRANS_DU_PARCOURS = 7

# Le rond qui se remplit : unité × module à préparer, prête, ouverte, stabilisée.
DESSINS_MAISON = {
    "u-preparer": '<circle cx="12" cy="12" r="9" stroke-dasharray="3 3.3"/>',
    "u-prete": '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 0 0 18z" fill="currentColor"/>',
    "u-ouverte": '<circle cx="12" cy="12" r="9" fill="currentColor"/>',
    "u-stab": '<circle cx="12" cy="12" r="9"/><path d="m8 12 3 3 5-6"/>',
}

_ENVELOPPE = re.compile(r"^<svg[^>]*>|</svg>$")


@lru_cache(maxsize=256)
def _trace(nom: str) -> SafeString:
    """Le dedans du SVG ; un nom inconnu lève `lucide.IconDoesNotExist`."""
    if nom in DESSINS_MAISON:
        return mark_safe(DESSINS_MAISON[nom])
    return mark_safe(_ENVELOPPE.sub("", lucide(nom, size=None).strip()))


@lru_cache(maxsize=512)
def icone(nom: str, classe: str = "") -> SafeString:
    """Une icône prête à écrire, en plus du mot qu'elle accompagne."""
    classes = f"ic {classe}".strip()
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, _trace(nom))


@lru_cache(maxsize=32)
def crans(rang: int, total: int = CRANS_DU_PARCOURS) -> SafeString:
    """Un sarment : `rang` crans pleins sur `total`, les autres à mi-hauteur."""
    plein = "".join(f"M{4 * i} 0h3v14h-3z" for i in range(min(max(rang, 0), total)))
    vide = "".join(f"M{4 * i} 7h3v7h-3z" for i in range(min(max(rang, 0), total), total))
    return format_html(
        '<svg class="crans" viewBox="0 0 {} 14" aria-hidden="true">'
        '<path d="{}"/><path class="vide" d="{}"/></svg>',
        4 * total - 1, plein, vide,
    )  # fmt: skip
