"""« Nous aussi » : une équipe de plus a le même problème. Sa voix s'ajoute une fois, et rien ne dit qui l'a donnée."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from programme.models import Parcours, Unite
from programme.services.controles import valider
from programme.socle.erreurs import Refus
from usages.models import Retour, Soutien
from usages.models.retours import EN_VUE, semaine_de

AUTRE_GRAPPE = "Ce retour vient d'une autre grappe : donnez le vôtre, il sera lu dans la vôtre."
PAS_LU = "Ce retour n'est pas encore qualifié dans son ESMS : donnez le vôtre en attendant."
REPONDU = "Une réponse vient d'être donnée : lisez-la. Si elle ne suffit pas chez vous, donnez un retour."
DEJA_AILLEURS = "Cette clé d'envoi a déjà servi pour un autre retour : rechargez la page."
AUTRE_UNITE = "Cette unité n'est pas de cet ESMS."


def soutenir(*, retour: Retour, parcours: Parcours, cle: UUID, unite: Unite | None = None) -> tuple[Soutien, bool]:
    """Joint la voix d'un ESMS à ce retour, une seule fois par clé ; rend aussi si elle est neuve. Lève `Refus`.

    Sans droit à juger, comme un dépôt. Regroupé entre-temps, c'est au retour qui le porte que la voix va. Du jour, on
    ne garde que la semaine.
    """
    if retour.porte_par is not None:
        retour = retour.porte_par
    deja = _deja(retour, cle)
    if deja is not None:
        return deja, False
    _exiger_soutenable(retour, parcours)
    if unite is not None and unite.parcours_id != parcours.pk:
        raise Refus("champ", AUTRE_UNITE)
    soutien = Soutien(retour=retour, parcours=parcours, unite=unite, cle=cle, recu_le=semaine_de(timezone.localdate()))
    valider(soutien)
    try:
        with transaction.atomic():
            soutien.save(force_insert=True)
    except IntegrityError:
        # Deux clics au même instant : le premier l'a écrite.
        deja = _deja(retour, cle)
        if deja is None:
            raise
        return deja, False
    return soutien, True


def _exiger_soutenable(retour: Retour, parcours: Parcours) -> None:
    if retour.parcours.grappe_id != parcours.grappe_id:
        raise Refus("etat", AUTRE_GRAPPE)
    if not retour.est_a_traiter:
        raise Refus("etat", REPONDU)
    if retour.parcours_id != parcours.pk and retour.etat not in EN_VUE:
        raise Refus("etat", PAS_LU)


def _deja(retour: Retour, cle: UUID) -> Soutien | None:
    deja = Soutien.objects.filter(cle=cle).first()
    if deja is not None and deja.retour_id != retour.pk:
        raise Refus("champ", DEJA_AILLEURS)
    return deja
