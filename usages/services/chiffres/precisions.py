"""Demander une précision sur UN chiffre transmis, et y répondre, en corrigeant au besoin ce chiffre."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from usages.models import Precision, Valeur
from usages.permissions import peut_demander_une_precision
from usages.services.chiffres.valeurs import Saisie, ecrire
from usages.services.releves.page import dire

DEJA = "Une précision est déjà demandée sur ce chiffre : lisez-la avant d'en demander une autre."
QUELLE_QUESTION = "Écrivez votre question en une ligne."


@transaction.atomic
def demander(*, valeur: Valeur, question: str, par: Utilisateur) -> Precision:
    """Pose la question ; une seule à la fois par chiffre. Lève `Refus` (droit, champ, etat)."""
    droit = peut_demander_une_precision(par, valeur)
    if not droit:
        raise Refus("droit", droit.motif)
    if not question.strip():
        raise Refus("champ", QUELLE_QUESTION, champs={"question": [QUELLE_QUESTION]})
    if Precision.objects.filter(valeur=valeur).pendantes().exists():
        raise Refus("etat", DEJA)
    try:
        with transaction.atomic():
            return Precision.objects.create(
                valeur=valeur, question=question, demandee_par=par, demandee_le=timezone.now()
            )
    except IntegrityError as faute:
        raise Refus("etat", DEJA) from faute


@transaction.atomic
def repondre(
    *,
    precision: Precision,
    reponse: str,
    par: Utilisateur,
    correction: Saisie | None = None,
    version: int | None = None,
) -> Precision:
    """Répond ; la correction s'écrit dans la même transaction, et la réponse dit de quoi à quoi.

    Lève `Refus` (droit, champ, etat, concurrence) sans rien écrire.
    """
    valeur = precision.valeur
    motif = reponse
    if correction is not None and reponse.strip():
        avant = dire(valeur)
        ecrire(releve=valeur.releve, saisies=[correction], par=par, en_reponse=True)
        valeur = Valeur.objects.select_related("indicateur").get(pk=valeur.pk)
        motif = f"{reponse.strip()} (corrigé : {avant} devient {dire(valeur)})"
    changer_etat(precision, "repondre", par=par, motif=motif, version=version)
    return precision
