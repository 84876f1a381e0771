"""Ce que la formation propose à une séance : la couverture qui n'y est pas là où l'on ouvre bientôt, les besoins."""

from collections.abc import Iterator

from django.urls import reverse

from formation.services.nombres_par_esms import formes_par_esms, seuil_de, seuils_par_grappe
from programme.enums import EtatParcours
from programme.models import Parcours
from programme.socle.nombres import accorde, quelques
from programme.socle.propositions import Demande, Proposition, inscrire
from programme.socle.texte import avec_point

OUVRENT = (EtatParcours.PREPARATION, EtatParcours.PILOTE, EtatParcours.OUVERTURE)


@inscrire("couverture", "Formation", 63)
def sous_le_seuil(demande: Demande) -> Iterator[Proposition]:
    """Les ESMS qui ouvrent ou vont ouvrir sous la couverture demandée, en un point."""
    if not demande.suit:
        return
    lus = Parcours.objects.lisibles_par(demande.par).filter(grappe=demande.grappe, etat__in=OUVRENT)
    parcours = list(lus.select_related("esms"))
    formes = formes_par_esms([p.pk for p in parcours], demande.au)
    seuils = seuils_par_grappe([demande.grappe.pk])
    sous = [p for p in parcours if (f := formes.get(p.pk)) and (f.taux or 0) * 100 < seuil_de(p, seuils)]
    if not sous:
        return
    yield Proposition(
        cle="couverture-sous-le-seuil",
        titre=f"{accorde(len(sous), 'ESMS,ESMS')} à former avant d'ouvrir",
        expose=avec_point(quelques((str(p) for p in sous), 6)),
        duree=10,
        url=reverse("formation:grappe-formation", args=[demande.grappe.pk]),
    )
