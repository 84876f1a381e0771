"""Table des relevés."""

from typing import Any

from programme.socle.tables import Entier, Jour, Lien, NumeroFiness, TableListe, Texte, adresse


def _vers_releve(releve: Any) -> str:
    return adresse("usages:releve-detail", releve.pk)


class ReleveTable(TableListe):
    """Les relevés que le lecteur voit (`completude`, `ponctualite`, `nb_precisions` : posés par la liste)."""

    esms = Lien(verbose_name="ESMS", accessor="parcours__esms", order_by="parcours__esms__tri", url=_vers_releve)
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    periode = Texte(verbose_name="Période", accessor="periode__nom", order_by=("debut", "cadence"))
    etat = Texte(verbose_name="État", accessor="get_etat_display", order_by="etat")
    completude = Texte(verbose_name="Chiffres donnés", classe="num insecable", orderable=False)
    ponctualite = Texte(verbose_name="Ponctualité", orderable=False)
    nb_precisions = Entier(verbose_name="Précisions pendantes", orderable=False, zero="—")
    echeance = Jour(verbose_name="Attendu le", classe="insecable")
    transmis_le = Jour(verbose_name="Transmis le", classe="insecable")
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")

    colonne_titre = "esms"
    legende = "Relevés"
    par_defaut = ("esms", "grappe", "periode", "etat", "completude", "ponctualite", "nb_precisions")
