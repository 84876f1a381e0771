"""Les seuls faits qu'un lecteur apprend d'ESMS qu'il ne voit pas."""

from django.db.models import Q

from programme.enums import NatureFait, TypeVerification
from programme.models import Fait, Grappe, Verification


def faits_de_grappe(grappe: Grappe) -> list[str]:
    """Ce que toute personne qui voit l'en-tête de la grappe peut savoir du pilote : des faits, jamais un chiffre.

    Seule exception au périmètre de tout le produit. Ni nom, ni nombre, ni date d'un ESMS : dire que la VA est
    prononcée, que les enseignements sont rédigés, suffit à qui vient après.
    """
    rendu = []
    sur_un_pilote = Q(parcours__isnull=True) | Q(parcours__est_pilote=True)
    if Verification.objects.acquises(TypeVerification.VA).filter(sur_un_pilote, grappe=grappe).exists():
        rendu.append("La vérification d'aptitude (VA) est prononcée.")
    if Fait.objects.filter(
        parcours__grappe=grappe, parcours__est_pilote=True, nature=NatureFait.ENSEIGNEMENTS
    ).exists():
        rendu.append("Les enseignements du pilote sont rédigés : demandez-les au chef de projet.")
    return rendu
