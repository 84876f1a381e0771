"""La règle d'alerte des comptes : un compte encore actif d'une personne sortie n'attend pas la prochaine revue."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from formation.services.comptes import sortis_actifs
from programme.enums import EtatGrappe, EtatParcours
from programme.models import Parcours
from programme.socle.nombres import accorde
from programme.socle.regles_alerte import Signalement, inscrire

FINIES = (EtatGrappe.SOLDEE, EtatGrappe.NON_RETENUE, EtatGrappe.RESILIEE)
INTITULE = "Comptes du DUI encore actifs après un départ"
TEXTE = (
    "L'éditeur signale {} après un départ. Demandez-lui de fermer, puis reprenez son fichier : l'alerte cesse quand il "
    "n'en signale plus."
)


def _page(cle: str, lecteur: Any) -> str:
    lu = Parcours.objects.lisibles_par(lecteur).filter(pk=cle).exists()
    return reverse("formation:parcours-comptes", args=[cle]) if lu else ""


@inscrire("compte_d_un_sorti", "Un compte du DUI encore actif après un départ", _page)
def compte_d_un_sorti(au: date) -> Iterator[Signalement]:
    """Une alerte par ESMS où l'éditeur signale actif le compte d'une personne sortie : elle compte, sans nommer.

    La clé est l'ESMS : un compte de plus ne donne pas une alerte de plus, et elle cesse avec le dernier.
    """
    for parcours, nombre in sortis_actifs(au).items():
        if parcours.grappe.etat not in FINIES and parcours.etat != EtatParcours.SORTI:
            comptes = accorde(nombre, "compte encore actif,comptes encore actifs")
            yield Signalement(
                cle=str(parcours.pk),
                grappe=parcours.grappe,
                parcours=parcours,
                intitule=INTITULE,
                texte=TEXTE.format(comptes),
            )
