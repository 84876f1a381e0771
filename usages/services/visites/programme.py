"""Le programme d'une visite : ses temps, ceux qui se chevauchent, un programme type ; les rencontres."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby
from typing import Any

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.texte import nettoyer, normaliser
from usages.enums import FormeDeTemps, ThemeEffet
from usages.models import Rencontre, TempsDeVisite, Visite
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.visites.gestes import exiger_preparable

F, T = FormeDeTemps, ThemeEffet
CHAMPS = ("jour", "debut", "fin", "forme", "theme", "avec", "lieu")
FIN_AVANT = "L'heure de fin est avant celle du début : corrigez l'une des deux."
DEJA_UN_PROGRAMME = "Cette visite a déjà un programme : modifiez-le, ou retirez ses temps avant de repartir du type."
MEME_JOUR = "Le second jour est le premier : donnez deux jours différents."
ROLE_REPETE = "« {} » est écrit deux fois : réunissez les deux lignes."
ROLE_MANQUANT = "Écrivez le rôle de ces {} personnes, ou effacez le nombre."
RENCONTRES_MAXIMALES = 60

TYPE: tuple[tuple[tuple[str, str, FormeDeTemps, str, str], ...], ...] = (
    (
        ("09:00", "09:45", F.AUTRE, "", "la direction et le référent, pour se présenter"),
        ("10:00", "11:00", F.INDIVIDUEL, T.DEPLOIEMENT, "la direction"),
        ("11:15", "12:15", F.INDIVIDUEL, T.DEPLOIEMENT, "le référent du projet"),
        ("13:45", "14:30", F.OBSERVATION, T.ORGANISATION, "une relève, ou des transmissions"),
        ("14:45", "16:00", F.COLLECTIF, T.ORGANISATION, "des professionnels de l'accompagnement, de plusieurs métiers"),
        ("16:15", "17:15", F.COLLECTIF, T.QVCT, "une équipe, sans son encadrement"),
    ),
    (
        ("09:00", "10:00", F.OBSERVATION, T.ACCOMPAGNEMENT, "une équipe, pendant qu'elle écrit"),
        ("10:15", "11:15", F.COLLECTIF, T.AUTODETERMINATION, "des personnes accompagnées, ou leurs représentants"),
        ("11:30", "12:15", F.INDIVIDUEL, T.ACCOMPAGNEMENT, "un professionnel du soin"),
        ("13:45", "14:45", F.COLLECTIF, T.PILOTAGE, "l'encadrement"),
        ("15:00", "15:45", F.INDIVIDUEL, T.EFFICIENCE, "l'administration"),
        ("16:00", "16:45", F.AUTRE, "", "la direction et le référent, pour un premier retour"),
    ),
)
"""Deux journées ordinaires, écrites ici : début, fin, forme, thème, avec qui."""


@dataclass(slots=True)
class Journee:
    """Un jour du programme, ses temps dans l'ordre ; chacun porte `heurts`, ceux qu'il chevauche."""

    jour: date
    temps: list[TempsDeVisite] = field(default_factory=list)
    rang: int = 1


def chevauchements(temps: Iterable[TempsDeVisite]) -> dict[int, list[TempsDeVisite]]:
    """Chaque temps qui en chevauche un autre du même jour, et lesquels. Aucune requête."""
    tous = list(temps)
    heurts: dict[int, list[TempsDeVisite]] = {}
    for un in tous:
        autres = [a for a in tous if a.pk != un.pk and a.jour == un.jour and a.debut < un.fin and un.debut < a.fin]
        if autres:
            heurts[un.pk] = autres
    return heurts


def journees_de(visite: Visite) -> list[Journee]:
    """Les jours du programme, dans l'ordre, chaque temps avec `heurts`. Une requête."""
    temps: list[Any] = list(visite.temps.order_by("jour", "debut", "pk"))
    heurts = chevauchements(temps)
    for un in temps:
        un.heurts = heurts.get(un.pk, [])
    par_jour = groupby(temps, key=lambda t: t.jour)
    return [Journee(jour, list(lot), rang) for rang, (jour, lot) in enumerate(par_jour, start=1)]


def _exiger_ecriture(visite: Visite, par: Utilisateur) -> Visite:
    relue = Visite.objects.select_for_update(of=("self",)).get(pk=visite.pk)
    exiger(peut_ecrire_dans_l_etude(par, relue))
    exiger_preparable(relue)
    return relue


def _verifier(temps: TempsDeVisite) -> None:
    if temps.fin <= temps.debut:
        raise Refus("champ", FIN_AVANT, champs={"fin": [FIN_AVANT]})
    valider(temps, exclure=("visite",))


@transaction.atomic
def ajouter_temps(*, visite: Visite, par: Utilisateur, **valeurs: Any) -> TempsDeVisite:
    """Ajoute un temps (`valeurs` : de `CHAMPS`). Un chevauchement se signale, il ne se refuse pas : on est deux.

    Lève `Refus` (droit, etat, champ).
    """
    temps = TempsDeVisite(visite=_exiger_ecriture(visite, par), **valeurs)
    _verifier(temps)
    temps.save()
    return temps


@transaction.atomic
def modifier_temps(*, temps: TempsDeVisite, par: Utilisateur, **valeurs: Any) -> TempsDeVisite:
    """Change un temps ; ses notes le suivent. Lève `Refus` (droit, etat, champ)."""
    _exiger_ecriture(temps.visite, par)
    relu = TempsDeVisite.objects.select_for_update(of=("self",)).get(pk=temps.pk)
    for nom, valeur in valeurs.items():
        setattr(relu, nom, valeur)
    _verifier(relu)
    relu.save()
    return relu


@transaction.atomic
def retirer_temps(*, temps: TempsDeVisite, par: Utilisateur) -> None:
    """Retire un temps ; ses notes restent à la visite. Lève `Refus` (droit, etat)."""
    _exiger_ecriture(temps.visite, par)
    temps.delete()


@transaction.atomic
def poser_le_programme_type(*, visite: Visite, premier: date, second: date, par: Utilisateur) -> int:
    """Pose deux journées ordinaires, qui se corrigent ensuite ; rend combien de temps. Les jours peuvent s'espacer.

    Lève `Refus` (droit, etat, champ).
    """
    relue = _exiger_ecriture(visite, par)
    if relue.temps.exists():
        raise Refus("etat", DEJA_UN_PROGRAMME)
    if premier == second:
        raise Refus("champ", MEME_JOUR, champs={"second": [MEME_JOUR]})
    temps = [
        TempsDeVisite(
            visite=relue,
            jour=jour,
            debut=time.fromisoformat(debut),
            fin=time.fromisoformat(fin),
            forme=forme,
            theme=theme,
            avec=avec,
        )
        for jour, lignes in zip(sorted((premier, second)), TYPE, strict=True)
        for debut, fin, forme, theme, avec in lignes
    ]
    TempsDeVisite.objects.bulk_create(temps)
    return len(temps)


@transaction.atomic
def ecrire_les_rencontres(*, visite: Visite, lignes: Iterable[tuple[str, int | None]], par: Utilisateur) -> int:
    """Remplace les personnes rencontrées : (rôle, nombre), dans l'ordre ; rend combien en tout. Sans nombre : une.

    Lève `Refus` (droit, etat, champ) sans rien changer.
    """
    relue = _exiger_ecriture(visite, par)
    neuves: list[Rencontre] = []
    vus: set[str] = set()
    for qui, nombre in ((nettoyer(q), n) for q, n in lignes):
        if not qui and not nombre:
            continue
        if not qui:
            raise Refus("champ", ROLE_MANQUANT.format(nombre))
        if normaliser(qui) in vus:
            raise Refus("champ", ROLE_REPETE.format(qui))
        vus.add(normaliser(qui))
        neuves.append(Rencontre(visite=relue, qui=qui, nombre=1 if nombre is None else nombre, rang=len(neuves)))
    for une in neuves:
        valider(une, exclure=("visite",))
    relue.rencontres.all().delete()
    for une in neuves:
        une.save()
    return sum(une.nombre for une in neuves)
