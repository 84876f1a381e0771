"""Table des sessions de formation."""

from typing import Any

from formation.enums import EtatSession
from gouvernance.tables.seances import Quand
from programme.socle.tables import Entier, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_session(session: Any) -> str:
    return adresse("formation:sessionformation-detail", session.pk)


class SessionFormationTable(TableListe):
    """Les sessions que le lecteur voit (`nb_inscrits`, `nb_attente`, `nb_libres`, `rang_etat` : annotés)."""

    session = Quand(
        verbose_name="Session",
        accessor="debut",
        order_by=("est_passee", "debut_a_venir", "-debut"),
        url=_vers_session,
        classe="insecable",
    )
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__nom")
    pour = Texte(verbose_name="Pour", accessor="nom_pour", order_by="nom_pour")
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    lieu = Texte(verbose_name="Lieu")
    etat = EtatNomme(EtatSession, de_cote=EtatSession.ANNULEE)
    libres = Entier(verbose_name="Places libres", accessor="nb_libres", order_by="nb_libres")
    inscrits = Entier(verbose_name="Inscrits", accessor="nb_inscrits", order_by="nb_inscrits")
    attente = Entier(verbose_name="En attente", accessor="nb_attente", order_by="nb_attente")
    places = Entier(verbose_name="Places", accessor="capacite", order_by="capacite")
    formateur = Texte(verbose_name="Formateur", accessor="formateur__fonction", order_by="formateur__fonction")

    colonne_titre = "session"
    legende = "Sessions de formation"
    par_defaut = ("session", "module", "pour", "etat", "libres", "inscrits", "attente")
