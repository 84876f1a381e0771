"""Table des événements d'ESMS."""

from typing import Any

from programme.socle.tables import Jour, Lien, NumeroFiness, TableListe, Texte, adresse


def _page(evenement: Any) -> str:
    return adresse("programme:evenement-detail", evenement.pk)


class EvenementTable(TableListe):
    """Ce qui est arrivé à des ESMS du projet, et la suite donnée (`grappes`, `suite_en_mots` : posés par la liste)."""

    esms = Lien(verbose_name="ESMS", accessor="esms__nom", order_by="esms__tri", url=_page)
    finess = NumeroFiness(verbose_name="FINESS", accessor="esms__finess", order_by="esms__finess", classe="accessoire")
    nature = Texte(verbose_name="Ce qui s'est passé", accessor="get_nature_display", order_by="nature")
    date_effet = Jour(verbose_name="Date", classe="insecable")
    grappes = Texte(verbose_name="Grappe", orderable=False)
    enregistre_le = Jour(verbose_name="Noté le", classe="insecable accessoire")
    suite = Texte(verbose_name="Suite", accessor="suite_en_mots", orderable=False)

    colonne_titre = "esms"
    legende = "Événements d'ESMS"
