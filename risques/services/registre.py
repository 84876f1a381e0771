"""Le registre : écrire un risque, le corriger, y lier une action ; qui prévenir quand c'est inacceptable."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from gouvernance.models import Alerte
from programme.models import Action, Parcours, Utilisateur
from programme.services import journal
from programme.services.actions import DEUX_RESPONSABLES, NE_VOIT_PAS, Cible, cibles_dont_repondre, creer_action
from programme.services.controles import exiger, signer, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange
from risques.enums import Impact, Probabilite
from risques.models import Risque
from risques.models.registre import RisqueQuerySet
from risques.origines import RISQUE
from risques.permissions import peut_tenir_risque

CHAMPS = (
    "libelle",
    "categorie",
    "probabilite",
    "impact",
    "probabilite_residuelle",
    "impact_residuel",
    "proprietaire",
    "proprietaire_nom",
    "revue_le",
    "precision",
)
RESIDUELS = ("probabilite_residuelle", "impact_residuel")
REGLE_D_ALERTE = "risque_inacceptable"
"""La règle qui donne l'alerte pour un risque inacceptable ; sa clé est celle du risque."""
CLOS = "Ce risque est clos : rouvrez-le d'abord."
REVUE_PASSEE = "Le {} est déjà passé : donnez une date de revue à venir, ou laissez vide."
RESIDUEL_A_MOITIE = "Donnez la probabilité et l'impact résiduels, ou aucun des deux."


def faute_de_revue(revue_le: date | None, jour: date) -> str:
    """La phrase qui refuse une revue passée à ce jour ; vide si elle convient."""
    return REVUE_PASSEE.format(date_courte(revue_le)) if revue_le and revue_le < jour else ""


def _fautes(risque: Risque, avant: dict[str, Any]) -> dict[str, list[str]]:
    """Ce qui ne va pas dans ce qui vient d'être saisi ; ce qui n'a pas changé n'est pas redemandé."""
    fautes: dict[str, list[str]] = {}
    if risque.revue_le != avant.get("revue_le") and (phrase := faute_de_revue(risque.revue_le, timezone.localdate())):
        fautes["revue_le"] = [phrase]
    if (risque.probabilite_residuelle is None) != (risque.impact_residuel is None):
        manque = "impact_residuel" if risque.impact_residuel is None else "probabilite_residuelle"
        fautes[manque] = [RESIDUEL_A_MOITIE]
    compte: Any = risque.proprietaire
    if compte and risque.proprietaire_nom:
        fautes["proprietaire_nom"] = [DEUX_RESPONSABLES]
    elif compte and compte != avant.get("proprietaire") and not cibles_dont_repondre(compte, [risque.cible]):
        fautes["proprietaire"] = [NE_VOIT_PAS.format(compte, risque.cible)]
    try:
        valider(risque)
    except Refus as refus:
        # Les contraintes à deux champs sont déjà dites, au champ et en mots.
        fautes = {nom: phrases for nom, phrases in refus.champs.items() if nom != "__all__"} | fautes
    return fautes


def _enregistrer(risque: Risque, valeurs: dict[str, Any], par: Utilisateur) -> Risque:
    avant = {} if risque._state.adding else {nom: getattr(risque, nom) for nom in CHAMPS}
    for nom, valeur in valeurs.items():
        setattr(risque, nom, valeur)
    if fautes := _fautes(risque, avant):
        raise Refus("champ", "risque à corriger", champs=fautes)
    signer(risque, par)
    risque.save()
    return risque


@transaction.atomic
def creer_risque(*, cible: Cible, par: Utilisateur, **valeurs: Any) -> Risque:
    """Écrit un risque pour une grappe ou un de ses ESMS.

    `valeurs` : de `CHAMPS`, et d'où il vient (`question` et `grille`, ou `ligne`). Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_risque(par, cible))
    risque = Risque(
        grappe=cible.grappe if isinstance(cible, Parcours) else cible,
        parcours=cible if isinstance(cible, Parcours) else None,
        cree_par=par,
    )
    return _enregistrer(risque, valeurs, par)


@transaction.atomic
def modifier_risque(*, risque: Risque, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Risque:
    """Corrige ou recote un risque ouvert (`valeurs` : de `CHAMPS`). `vu` : jeton de la version lue.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_risque(par, risque))
    relu = Risque.objects.select_for_update(of=("self",)).pour_lecture().get(pk=risque.pk)
    if not relu.est_ouvert:
        raise Refus("etat", CLOS)
    exiger_inchange(Risque.history.filter(id=risque.pk), vu, valeurs.keys())
    return _enregistrer(relu, valeurs, par)


@transaction.atomic
def ajouter_une_action(*, risque: Risque, par: Utilisateur, **valeurs: Any) -> Action:
    """Une action préventive ou corrective, pour ce que le risque menace. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_risque(par, risque))
    if not risque.est_ouvert:
        raise Refus("etat", CLOS)
    return creer_action(cible=risque.cible, par=par, origine=RISQUE, source=risque, **valeurs)


# --- lire ----------------------------------------------------------------------------------------------------------


def actions_de(risque: Risque, *, par: Utilisateur) -> list[Action]:
    """Les actions nées de ce risque que voit ce lecteur, ouvertes d'abord. Une requête."""
    sorte = ContentType.objects.get_for_model(Risque)
    liees = Action.objects.visibles_par(par).filter(source_type=sorte, source_id=risque.pk)
    return list(liees.pour_lecture().avec_rang_etat().order_by("rang_etat", "echeance", "pk"))


def actions_nees(parcours: Parcours, *, par: Utilisateur) -> list[Action]:
    """Les actions ouvertes d'un ESMS nées d'un risque, la plus pressée d'abord. Une requête."""
    nees = Action.objects.visibles_par(par).ouvertes().filter(parcours=parcours, origine=RISQUE)
    return list(nees.pour_lecture().order_by("echeance", "pk"))


def _alerte_donnee() -> Exists:
    """L'alerte sans réponse que la règle a donnée pour ce risque."""
    cle = Cast(OuterRef("pk"), CharField(max_length=80))
    return Exists(Alerte.objects.ouvertes().filter(regle=REGLE_D_ALERTE, grappe=OuterRef("grappe"), cle=cle))


def sans_alerte(risques: RisqueQuerySet) -> RisqueQuerySet:
    """Ceux dont le COMOP n'est pas déjà saisi par une alerte : elle se suit à part, et se dit une fois."""
    return risques.exclude(_alerte_donnee())


def inacceptables(*, par: Utilisateur, grappes: Collection[int] = (), parcours: Collection[int] = ()) -> list[Risque]:
    """Ceux que voit ce lecteur dans ces ESMS, et dans ces grappes si aucune alerte ne les porte encore. Une requête.

    Le plus critique d'abord : de quoi prévenir la direction, et le chef de projet tant que l'alerte n'est pas donnée.
    """
    a_porter = Q(grappe__in=grappes) & ~Q(_alerte_donnee())
    vus = Risque.objects.visibles_par(par).inacceptables().filter(a_porter | Q(parcours__in=parcours))
    return list(vus.pour_lecture().order_by("-criticite", "cree_le", "pk"))


# --- l'histoire ----------------------------------------------------------------------------------------------------


def histoire_de(risque: Risque) -> list[dict[str, Any]]:
    """Passages et corrections, du plus récent au plus ancien, comme le composant journal les lit. Deux requêtes."""
    return journal.histoire_de(risque, _corrections, "proprietaire")


def _cote(probabilite: int | None, impact: int | None) -> str:
    if not probabilite or not impact:
        return "pas dite"
    return f"{Probabilite(probabilite).label.lower()} × {Impact(impact).label.lower()}"


def _corrections(avant: Any, apres: Any) -> Iterator[str]:
    """Ce qui a changé d'une version à l'autre, l'état mis à part : le journal le dit déjà."""
    for nom, p, i in (("Criticité brute", "probabilite", "impact"), ("Résiduelle", *RESIDUELS)):
        cotes = [_cote(getattr(v, p), getattr(v, i)) for v in (avant, apres)]
        if cotes[0] != cotes[1]:
            yield f"{nom} : {' → '.join(cotes)}"
    qui = [str(v.proprietaire or v.proprietaire_nom or "à désigner") for v in (avant, apres)]
    if qui[0] != qui[1]:
        yield f"Suivi par : {' → '.join(qui)}"
    if avant.revue_le != apres.revue_le:
        jours = (date_courte(v.revue_le) if v.revue_le else "aucune date" for v in (avant, apres))
        yield f"À revoir le : {' → '.join(jours)}"
    if avant.libelle != apres.libelle or avant.precision != apres.precision or avant.categorie != apres.categorie:
        yield "Texte ou catégorie corrigés"
