"""Table des régions."""

from programme.enums import EtatParcours
from programme.socle.tables import Entier, Lien, TableListe, adresse


def _compte(etat: EtatParcours) -> Entier:
    return Entier(verbose_name=str(etat.label), orderable=False, accessor=f"par_etat__{etat.value}", zero="—")


class RegionTable(TableListe):
    """Par région, combien d'ESMS du projet à chaque état ; les comptes viennent d'une lecture d'ensemble."""

    nom = Lien(verbose_name="Région", url=lambda r: adresse("programme:region-detail", r.pk))
    total = Entier(verbose_name="ESMS du projet", orderable=False)
    recense = _compte(EtatParcours.RECENSE)
    cadrage = _compte(EtatParcours.CADRAGE)
    preparation = _compte(EtatParcours.PREPARATION)
    pilote = _compte(EtatParcours.PILOTE)
    ouverture = _compte(EtatParcours.OUVERTURE)
    service_regulier = _compte(EtatParcours.SERVICE_REGULIER)
    routine = _compte(EtatParcours.ROUTINE)
    suspendu = _compte(EtatParcours.SUSPENDU)
    sorti = _compte(EtatParcours.SORTI)

    par_defaut = (
        "nom", "total", "recense", "cadrage", "preparation", "pilote", "ouverture", "service_regulier", "routine",
        "suspendu",
    )  # fmt: skip
    legende = "ESMS du projet par région et par état"
