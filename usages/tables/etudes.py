"""Table des études."""

from typing import Any

from programme.socle.tables import Entier, Jour, Lien, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from usages.enums import EtatEtude, RoleEtude


def _vers_etude(etude: Any) -> str:
    return adresse("usages:etude-detail", etude.pk)


class MonRole(Texte):
    """Ce que le lecteur y fait."""

    def render(self, value: str) -> str:
        """« Pilote l'étude »."""
        return str(RoleEtude(value).label)

    def value(self, value: str) -> str:
        """Le même mot."""
        return self.render(value)


class EtudeTable(TableListe):
    """Les études dont le lecteur est de l'équipe (les nombres et `mon_role` : annotés)."""

    etude = Lien(verbose_name="Étude", accessor="titre", order_by="tri", url=_vers_etude)
    question = Texte(verbose_name="Question", orderable=False)
    etat = EtatNomme(EtatEtude, de_cote=EtatEtude.CLOSE)
    role = MonRole(verbose_name="Vous", accessor="mon_role", orderable=False, classe="insecable")
    entonnoir = Texte(verbose_name="Entonnoir", accessor="avancement", order_by="nb_etapes")
    visites = Entier(verbose_name="Visites", accessor="nb_visites", order_by="nb_visites", zero="—")
    equipe = Entier(verbose_name="Équipe", accessor="nb_equipiers", order_by="nb_equipiers")
    creee_le = Jour(verbose_name="Créée le", classe="insecable")

    colonne_titre = "etude"
    legende = "Études"
    par_defaut = ("etude", "question", "etat", "role", "entonnoir", "visites", "creee_le")
