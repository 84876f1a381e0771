"""La table d'accès des demandes aux éditeurs : de la grappe, jamais au financeur."""

from tests.acces.lignes import Ligne, _passage, qui

EST_D_UNE_GRAPPE = qui("chef_projet directeur referent siege grades appui membre admin voisin", "admin etranger")
SUIT_LES_EDITEURS = qui("chef_projet", "etranger")

LIGNES: dict[str, Ligne] = {
    "usages:demandeediteur-detail": Ligne(lambda c: {"pk": c.demandeediteur.pk}, EST_D_UNE_GRAPPE),
    "programme:passage repondre demandeediteur": Ligne(
        _passage("demandeediteur", "repondre"), EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS, ecrit=True
    ),
}
