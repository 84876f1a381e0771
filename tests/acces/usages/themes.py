"""La table d'accès des retours dans le temps et du dossier du comité ; rien de tout cela au financeur."""

from tests.acces.lignes import LIT_PREPARATION, VOIT_GRAPPE, VOIT_PARCOURS, Ligne, _grappe, _parcours
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE

LIGNES: dict[str, Ligne] = {
    "usages:grappe-retours-themes": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:parcours-retours-themes": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION),
    "usages:comite-utilisateurs": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE, genre="fichier"),
}
