"""Les instances d'une grappe : les créer, celles d'usage d'un geste, les régler, les clore."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from gouvernance.calculs.composition import EFFECTIF_COMOP
from gouvernance.enums import Cadence, Represente, TypeInstance
from gouvernance.models import Instance, Mandat
from gouvernance.models.seances import EN_COURS
from gouvernance.permissions import peut_tenir_instances
from gouvernance.services import mandats
from programme.models import Grappe, Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.versions import exiger_inchange

CHAMPS = ("type", "nom", "objet", "cadence", "quorum", "effectif_max", "delai_alerte")
CLOSE = "Cette instance est close depuis le {} : elle ne change plus."
DEJA = "La grappe a déjà ses instances : créez celle qui manque."
TYPE_FIGE = "Elle s'est déjà réunie : ce qu'elle est ne change plus. Créez une autre instance."
ADOSSE = "Adossé au comité de direction (CODIR) de l'organisme gestionnaire : arbitre, lève une condition."
ARBITRE = "Arbitre, lève une condition qui barre."
SUIT = "Suit le déploiement, ESMS par ESMS ; lève une condition qui barre."
QUORUM_EXIGE = "Un COMOP ou un COSTRAT lève des conditions : il lui faut un quorum, 1 % au moins."
QUORUM_FIGE = "Une séance est ouverte, ou attend son compte rendu : le quorum ne change qu'après sa diffusion."
DIT = "Dit ce qui se passe vraiment ; porte ses points au COMOP, qui lui répond."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def exiger_ouverte(instance: Instance) -> None:
    """Lève `Refus("etat")` si l'instance est close."""
    if instance.close_le:
        raise Refus("etat", CLOSE.format(date_courte(instance.close_le)))


def _enregistrer(instance: Instance, valeurs: dict[str, Any], par: Utilisateur) -> Instance:
    for nom, valeur in valeurs.items():
        setattr(instance, nom, valeur)
    instance.nom = " ".join(instance.nom.split()) or TypeInstance(instance.type).label
    if instance.peut_lever and instance.quorum == 0 and {"type", "quorum"} & valeurs.keys():
        raise _refuser("quorum", QUORUM_EXIGE)
    try:
        valider(instance)
    except Refus as refus:
        raise _au_champ(refus) from refus
    signer(instance, par)
    instance.save()
    return instance


def _au_champ(refus: Refus) -> Refus:
    """Les contraintes parlent de la fiche entière : le nom déjà pris se dit au champ « nom »."""
    phrases = refus.champs.pop("__all__", [])
    for phrase in phrases:
        refus.champs.setdefault("quorum" if "quorum" in phrase else "nom", []).append(phrase)
    return refus


@transaction.atomic
def creer(*, grappe: Grappe, par: Utilisateur, **valeurs: Any) -> Instance:
    """Crée une instance (`valeurs` : de `CHAMPS`) ; sans nom, elle porte celui de son type.

    Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_instances(par, grappe))
    return _enregistrer(Instance(grappe=grappe, creee_par=par), valeurs, par)


@transaction.atomic
def creer_usuelles(*, grappe: Grappe, par: Utilisateur) -> list[Instance]:
    """COSTRAT, COMOP et comité utilisateurs, où la conduite siège sans voix. Lève `Refus` (droit, etat).

    Sans voix : qui conduit n'atteint pas seul le quorum d'une instance qui lève des conditions.
    """
    exiger(peut_tenir_instances(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    if Instance.objects.filter(grappe=grappe).exists():
        raise Refus("etat", DEJA)
    ogs = Parcours.objects.dans_le_projet().filter(grappe=grappe).order_by().values("esms__og").distinct().count()
    usuelles: tuple[dict[str, Any], ...] = (
        {"type": TypeInstance.COSTRAT, "objet": ADOSSE if ogs == 1 else ARBITRE, "cadence": Cadence.TRIMESTRIELLE},
        {
            "type": TypeInstance.COMOP,
            "objet": SUIT,
            "cadence": Cadence.MENSUELLE,
            "effectif_max": EFFECTIF_COMOP,
        },
        {"type": TypeInstance.UTILISATEURS, "objet": DIT, "cadence": Cadence.BIMESTRIELLE, "quorum": 0},
    )
    creees = [_enregistrer(Instance(grappe=grappe, creee_par=par), {"nom": ""} | v, par) for v in usuelles]
    for instance in creees:
        anime = instance.type != TypeInstance.COSTRAT
        mandats.confier(
            instance=instance, par=par, utilisateur=par, represente=Represente.CONDUITE, a_voix=False, anime=anime
        )
    return creees


@transaction.atomic
def modifier(*, instance: Instance, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Instance:
    """Règle une instance ouverte (`valeurs` : de `CHAMPS`). `vu` : jeton de la version lue.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_instances(par, instance))
    relue = Instance.objects.select_for_update(of=("self",)).select_related("grappe").get(pk=instance.pk)
    exiger_ouverte(relue)
    exiger_inchange(Instance.history.filter(id=instance.pk), vu, valeurs.keys())
    if valeurs.get("type", relue.type) != relue.type and relue.seances.exists():
        raise _refuser("type", TYPE_FIGE)
    if valeurs.get("quorum", relue.quorum) != relue.quorum and relue.seances.filter(etat__in=EN_COURS).exists():
        raise _refuser("quorum", QUORUM_FIGE)
    return _enregistrer(relue, valeurs, par)


@transaction.atomic
def clore(*, instance: Instance, le: date, par: Utilisateur) -> tuple[Instance, int]:
    """Clôt une instance et met fin à ses mandats, le même jour ; rend aussi leur nombre.

    Ce qu'elle a décidé reste. Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_tenir_instances(par, instance))
    relue = Instance.objects.select_for_update(of=("self",)).select_related("grappe").get(pk=instance.pk)
    exiger_ouverte(relue)
    if le > timezone.localdate():
        raise _refuser("le", "Une instance se clôt aujourd'hui ou à une date passée.")
    if reste := relue.seances.a_venir().count():
        phrase = f"{accorde(reste, 'séance reste,séances restent')} à tenir : tenez-les ou annulez-les d'abord."
        raise Refus("etat", phrase)
    derniere = relue.seances.order_by("-debut").first()
    if derniere and (jour := timezone.localdate(derniere.debut)) > le:
        raise _refuser("le", f"Elle s'est réunie le {date_courte(jour)} : la clôture ne peut pas être avant.")
    finis = _finir_les_mandats(relue, le, par)
    relue.close_le = le
    signer(relue, par)
    relue.save(update_fields=["close_le"])
    return relue, finis


def _finir_les_mandats(instance: Instance, le: date, par: Utilisateur) -> int:
    restants = [m for m in Mandat.objects.filter(comite=instance).pour_lecture() if m.au is None or m.au > le]
    for mandat in restants:
        mandats.finir(mandat, le, par)
    return len(restants)
