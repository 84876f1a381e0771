"""Un chiffre poussé par un programme, au nom d'un compte de l'ESMS : les règles de la saisie, et rien de plus.

Ce que la page ouvre la nuit d'une période finie, pousser l'ouvre aussi : un programme n'attend pas le travail du jour.
"""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from usages.calculs.controles import RAISON_DUE, SANS_DENOMINATEUR, faute_de_periode
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Origine
from usages.models import Indicateur, Releve, Valeur
from usages.permissions import peut_saisir_chiffres
from usages.services.chiffres import valeurs
from usages.services.chiffres.extraits import SANS_RELEVE
from usages.services.chiffres.feuilles import INATTENDU
from usages.services.chiffres.retenir import (
    COMMUN,
    MOTIF_INCONNU,
    NOMBRE_ET_MOTIF,
    SANS_RAPPORT,
    Saisie,
)
from usages.services.releves.ouverture import ouvrir, periodes_dues

RIEN_DIT = "Donnez un nombre, ou dites pourquoi il manque."
AUTRE_CADENCE = "« {} » se relève {} : écrivez par exemple {}."
_EXEMPLES = {
    CadenceReleve.MOIS.value: ("chaque mois", "2026-11"),
    CadenceReleve.TRIMESTRE.value: ("chaque trimestre", "2026-T4, ou l'un de ses mois"),
    CadenceReleve.ANNEE.value: ("chaque année", "2026, ou l'un de ses mois"),
}
_CHAMPS = {
    INATTENDU: "indicateur",
    RAISON_DUE: "commentaire",
    SANS_DENOMINATEUR: "denominateur",
    SANS_RAPPORT: "denominateur",
    MOTIF_INCONNU: "motif",
    NOMBRE_ET_MOTIF: "motif",
}
"""Le champ que vise une phrase ; à défaut, `numerateur`."""
_COMMUN = COMMUN.partition("{")[0]


def periode_visee(indicateur: Indicateur, lue: Periode) -> Periode:
    """La période de l'indicateur que désigne celle-là : un mois désigne aussi son trimestre, son année.

    Lève `Refus` (champ) pour un trimestre ou une année d'un indicateur mensuel.
    """
    if lue.cadence in (CadenceReleve.MOIS, indicateur.cadence):
        return Periode.contenant(lue.debut, indicateur.cadence)
    phrase = AUTRE_CADENCE.format(indicateur.libelle, *_EXEMPLES[indicateur.cadence])
    raise Refus("champ", phrase, champs={"periode": [phrase]})


@transaction.atomic
def pousser(
    *,
    parcours: Parcours,
    indicateur: Indicateur,
    periode: Periode,
    par: Utilisateur,
    numerateur: Decimal | None = None,
    denominateur: Decimal | None = None,
    motif: str = "",
    commentaire: str | None = None,
) -> tuple[Valeur, bool]:
    """Écrit ce chiffre ; rend la case, et vrai si rien n'y répondait. `commentaire` dit aussi pourquoi l'on corrige.

    Lève `Refus` (droit, etat, champ) ; `champs` est rangé par champ de la demande.
    """
    if not (droit := peut_saisir_chiffres(par, parcours)):
        raise Refus("droit", droit.motif)
    if numerateur is None and not motif:
        raise Refus("champ", RIEN_DIT, champs={"numerateur": [RIEN_DIT]})
    releve = _releve_ouvert(parcours, periode_visee(indicateur, periode))
    avant = Valeur.objects.filter(releve=releve, indicateur=indicateur, cle="").first()
    saisie = Saisie(
        indicateur.pk, numerateur=numerateur, denominateur=denominateur, motif=motif, commentaire=commentaire
    )
    corrige = avant is not None and avant.est_repondue and not saisie.redit(avant)
    if avant and corrige and commentaire and (releve.est_compte or avant.origine != Origine.SAISI):
        saisie = replace(saisie, raison=commentaire)
    try:
        valeurs.ecrire(releve=releve, saisies=[saisie], par=par)
    except Refus as refus:
        raise _par_champ(refus) from refus
    case = Valeur.objects.pour_lecture().get(releve=releve, indicateur=indicateur, cle="")
    return case, not (avant and avant.est_repondue)


def _releve_ouvert(parcours: Parcours, periode: Periode) -> Releve:
    """Le relevé, sous verrou ; ouvert ici s'il est dû et manque encore."""
    au = timezone.localdate()
    if faute := faute_de_periode(periode, au):
        raise Refus("champ", faute, champs={"periode": [faute]})
    siens = Releve.objects.filter(parcours=parcours).de_la_periode(periode)
    if not siens.exists() and periode in periodes_dues(au):
        ouvrir(periode, au=au, parcours=Parcours.objects.filter(pk=parcours.pk))
    releve: Releve | None = siens.select_for_update(of=("self",)).first()
    if releve is None:
        raise Refus("etat", SANS_RELEVE.format(periode.nom))
    return releve


def _par_champ(refus: Refus) -> Refus:
    """Le même refus, ses phrases rangées sous les champs de la demande."""
    if refus.code != "champ" or "periode" in refus.champs:
        return refus
    champs: dict[str, list[str]] = {}
    for phrases in refus.champs.values():
        for phrase in phrases:
            champs.setdefault(champ_vise(phrase), []).append(phrase)
    return Refus("champ", refus.motif, champs=champs)


def champ_vise(phrase: str) -> str:
    """Le champ d'un chiffre que vise ce refus."""
    return "denominateur" if phrase.startswith(_COMMUN) else _CHAMPS.get(phrase, "numerateur")
