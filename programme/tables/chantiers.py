"""Table des chantiers : un ESMS par ligne, une colonne par chantier."""

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from programme.enums import Chantier, EtatChantier
from programme.socle.tables import Entier, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatDeParcours


@lru_cache(maxsize=16)
def _etat(etat: str, dit: bool) -> SafeString:
    contexte = {"etat": EtatChantier(etat), "dit": dit}
    return mark_safe(render_to_string("composants/chantier.html", contexte).strip())


class EtatDuChantier(Texte):
    """L'état d'un chantier ; l'astérisque dit que l'ESMS l'a dit autrement que le calcul."""

    def __init__(self, chantier: Chantier) -> None:
        super().__init__(
            verbose_name=str(chantier.label),
            accessor=f"par_chantier__{chantier.value}",
            orderable=False,
            classe="insecable",
        )

    def render(self, value: Any) -> SafeString:
        """L'icône et le mot."""
        return _etat(value.etat, value.avis is not None)

    def value(self, value: Any) -> str:
        """Le mot, et le calcul s'il dit autre chose."""
        mot = str(value.etat.label)
        return f"{mot} (calculé : {value.calcule.label.lower()})" if value.avis else mot


class ChantierTable(TableListe):
    """Les ESMS et leurs chantiers (`par_chantier`, `nb_restants` : posés page par page)."""

    nom = Lien(
        verbose_name="ESMS",
        accessor="esms__nom",
        order_by="esms__tri",
        url=lambda p: adresse("programme:parcours-preparation", p.pk),
    )
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__nom", classe="accessoire")
    etat = EtatDeParcours(verbose_name="État", order_by="rang_etat")
    vague = Entier(verbose_name="Vague", accessor="vague__numero", order_by="vague__numero")
    parametrage = EtatDuChantier(Chantier.PARAMETRAGE)
    droits = EtatDuChantier(Chantier.DROITS)
    formation = EtatDuChantier(Chantier.FORMATION)
    materiel = EtatDuChantier(Chantier.MATERIEL)
    reprise = EtatDuChantier(Chantier.REPRISE)
    restants = Entier(verbose_name="Points qui restent", accessor="nb_restants", orderable=False, zero="—")
    finess = NumeroFiness(verbose_name="FINESS", accessor="esms__finess", order_by="esms__finess")
    og = Texte(verbose_name="OG", accessor="esms__og__nom", order_by="esms__og__tri")

    legende = "Chantiers de la préparation, par ESMS"
    par_defaut = ("nom", "etat", "parametrage", "droits", "formation", "materiel", "reprise")
