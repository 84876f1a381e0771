"""Ce qu'on écrit sur un parcours : faits datés, dates, fiche, propositions, levées, constat initial.

Tout est vérifié avant d'écrire ; un refus (droit, champ, concurrence) lève `Refus` sans rien écrire.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone

from programme.calculs.constat import fautes_de_dates
from programme.enums import FAITS_A_DATER, FRISE_PARCOURS
from programme.models import Etape, Fait, Grappe, Parcours, Proposition, TempsMetier, Utilisateur
from programme.permissions import (
    peut_choisir_vague,
    peut_conduire,
    peut_constater,
    peut_decider,
    peut_dire_le_depart,
    peut_proposer,
    peut_saisir,
)
from programme.services.capacite import exiger_une_place
from programme.services.controles import exiger
from programme.services.moments import classer_ailleurs, verrouiller_les_echanges
from programme.socle import versions
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import PREMIERE_DATE, changer_etat
from programme.socle.texte import REFUS_NIR, trouver_nir

HORIZON = timedelta(days=3653)
TEMPS_DEDUIT = "Se déduit du temps dit métier par métier, sur la page « Personnes et temps » : corrigez-le là."
CHAMPS_FICHE = (
    "vague",
    "est_pilote",
    "type_projet",
    "point_depart",
    "premier_gain",
    "temps_ecriture",
    "temps_ecriture_note",
    "referent_maintenu",
)


def _refus(champ: str, message: str) -> Refus:
    return Refus("champ", message, champs={champ: [message]})


def verifier(objet: models.Model, champs: Collection[str]) -> None:
    """Valide ces champs d'un objet ; lève `Refus("champ")` avec toutes les fautes d'un coup."""
    textes = {c: v for c in champs if isinstance(v := getattr(objet, c), str)}
    if nirs := {c: [REFUS_NIR] for c, v in textes.items() if trouver_nir(v)}:
        raise Refus("champ", REFUS_NIR, champs=nirs)
    try:
        objet.clean_fields(exclude={f.name for f in objet._meta.fields} - set(champs))
    except ValidationError as erreur:
        fautes = {NON_FIELD_ERRORS if c == "__all__" else c: m for c, m in erreur.message_dict.items()}
        raise Refus("champ", "saisie à corriger", champs=fautes) from erreur


def _verrouiller(parcours: Iterable[Parcours]) -> list[Parcours]:
    cles = {p.pk for p in parcours}
    lignes = Parcours.objects.select_for_update(of=("self",)).select_related("esms__departement", "grappe")
    return list(lignes.filter(pk__in=cles).order_by("pk"))


def exiger_date_passee(champ: str, jour: date | None) -> None:
    """Un fait se date quand il a eu lieu : ni demain, ni au siècle dernier."""
    if jour is None:
        raise _refus(champ, "Donnez la date.")
    if jour > timezone.localdate():
        raise _refus(champ, f"Le {jour:%d/%m/%Y} est à venir : la date se donne une fois la chose faite.")
    if jour < PREMIERE_DATE:
        raise _refus(champ, f"Vérifiez l'année : {jour:%d/%m/%Y} est trop ancien.")


# --- faits datés ---------------------------------------------------------------------------------------------------


def version_de(fait: Fait | None) -> str:
    """Ce qu'un formulaire garde du fait qu'il montrait ; vide s'il n'y en avait pas."""
    return fait.saisi_le.isoformat() if fait else ""


def _exiger_fait_inchange(fait: Fait | None, version: str | None) -> None:
    if version is None or fait is None or version == version_de(fait):
        return
    raise Refus(
        "concurrence",
        f"Entre-temps, {fait.saisi_par} a donné la date du {fait.date:%d/%m/%Y}. Votre saisie est gardée : "
        "relisez, puis enregistrez à nouveau.",
    )


@transaction.atomic
def dater_fait(
    *,
    parcours: Iterable[Parcours],
    nature: str,
    date: date,
    par: Utilisateur,
    reference: str = "",
    note: str = "",
    services: str | None = None,
    changement: str | None = None,
    version: str | None = None,
    vues: Mapping[int, str] | None = None,
) -> list[Fait]:
    """Date le même fait pour un ou plusieurs parcours ; tous, ou aucun.

    `services`, `changement` : pour une concertation, qui l'on a rencontré et ce qui a changé ; None n'y touche pas.

    `version` : `version_de()` du fait que l'auteur avait sous les yeux (un seul parcours). `vues` : la même chose par
    clé de parcours, où l'absent n'avait pas de date : une réponse commune n'écrase jamais une date sans le dire.
    """
    if nature not in FAITS_A_DATER:
        raise _refus("nature", f"« {nature} » n'est pas un fait connu.")
    cibles = _verrouiller(parcours)
    if not cibles:
        raise _refus("parcours", "Cochez au moins un ESMS.")
    for cible in cibles:
        exiger(peut_saisir(par, cible))
    exiger_date_passee("date", date)
    deja = Fait.objects.filter(parcours__in=cibles, nature=nature).select_related("saisi_par")
    connus = {f.parcours_id: f for f in deja}
    faits = []
    for cible in cibles:
        fait = connus.get(cible.pk)
        _exiger_fait_inchange(fait, version if vues is None else vues.get(cible.pk, ""))
        fait = fait or Fait(parcours=cible, nature=nature)
        fait.date, fait.reference, fait.note, fait.saisi_par = date, reference.strip(), note, par
        fait.services = fait.services if services is None else services.strip()
        fait.changement = fait.changement if changement is None else changement
        verifier(fait, ("date", "reference", "note", "services", "changement"))
        faits.append(fait)
    for fait in faits:
        fait.save()
    return faits


# --- la fiche ------------------------------------------------------------------------------------------------------


def droits_de_fiche(utilisateur: Utilisateur, parcours: Parcours) -> dict[str, Droit]:
    """Droit d'écrire chaque champ de la fiche : la conduite au chef de projet, le moment au directeur aussi."""
    conduire, choisir, saisir = (f(utilisateur, parcours) for f in (peut_conduire, peut_choisir_vague, peut_saisir))
    # Le point de départ décide de conditions : il revient à qui décide ou conduit, pas au référent.
    propres = {"vague": choisir, "est_pilote": conduire, "type_projet": conduire}
    propres["point_depart"] = peut_dire_le_depart(utilisateur, parcours)
    if TempsMetier.objects.filter(parcours=parcours).exists():
        propres["temps_ecriture"] = Droit(False, TEMPS_DEDUIT)
    return {champ: propres.get(champ, saisir) for champ in CHAMPS_FICHE}


@transaction.atomic
def modifier_fiche(
    *, parcours: Parcours, valeurs: dict[str, Any], par: Utilisateur, vu: int | None = None
) -> list[str]:
    """Écrit ces champs de la fiche et rend ceux qui ont changé. `vu` : jeton de `versions` lu avec la page."""
    if "vague" in valeurs:
        verrouiller_les_echanges([parcours])
    verrouille = _verrouiller([parcours])[0]
    droits = droits_de_fiche(par, verrouille)
    changes = [champ for champ, valeur in valeurs.items() if getattr(verrouille, champ) != valeur]
    for champ in changes:
        exiger(droits[champ])
    versions.exiger_inchange(verrouille.history, vu, changes)
    if "vague" in changes:
        exiger_une_place(verrouille, valeurs["vague"], par)
    for champ in changes:
        setattr(verrouille, champ, valeurs[champ])
    verifier(verrouille, changes)
    vague = verrouille.vague
    if vague and vague.grappe_id != verrouille.grappe_id:
        raise _refus("vague", "Cette vague appartient à une autre grappe.")
    if changes:
        versions.signer(verrouille, par)
        verrouille.save(update_fields=changes)
    if "vague" in changes:
        classer_ailleurs([verrouille], par)
    parcours.refresh_from_db()
    return changes


# --- dates ---------------------------------------------------------------------------------------------------------


def fautes_des_dates(connues: dict[str, Etape], dates: dict[str, date | None]) -> dict[str, list[str]]:
    """Ce que ces dates révisées ont de faux, par état ; `connues` : les étapes du parcours, par état."""
    fautes: dict[str, list[str]] = {}
    au = timezone.localdate()
    precedente, avant = None, ""
    for etat in FRISE_PARCOURS:
        etape = connues.get(etat)
        jour = dates.get(etat, etape.revisee if etape else None)
        if etat in dates and etape and etape.reelle and jour != etape.revisee:
            fautes[etat] = [f"Étape franchie le {etape.reelle:%d/%m/%Y} : sa date ne se révise plus."]
        elif etat in dates and jour and not PREMIERE_DATE <= jour <= au + HORIZON:
            fautes[etat] = [f"Vérifiez l'année : {jour:%d/%m/%Y}."]
        attendue = (etape and etape.reelle) or jour or (etape and etape.reference)
        if etat in dates and jour and precedente and jour < precedente and etat not in fautes:
            fautes[etat] = [
                f"« {etat.label} » ({jour:%d/%m/%Y}) précède « {avant} » ({precedente:%d/%m/%Y}) : corrigez l'une des "
                "deux dates."
            ]
        if attendue:
            precedente, avant = attendue, str(etat.label)
    return fautes


@transaction.atomic
def reviser_dates(
    *, parcours: Parcours, dates: dict[str, date | None], par: Utilisateur, vu: int | None = None
) -> list[Etape]:
    """Écrit les dates révisées (None efface) et rend les étapes changées. La référence et le réel n'y bougent pas."""
    verrouille = _verrouiller([parcours])[0]
    exiger(peut_saisir(par, verrouille))
    inconnus = set(dates) - set(FRISE_PARCOURS)
    if inconnus:
        raise Refus("champ", "état inconnu", champs={e: ["Cette étape n'existe pas."] for e in sorted(inconnus)})
    connues = {e.etat: e for e in verrouille.etapes.all()}
    if fautes := fautes_des_dates(connues, dates):
        raise Refus("champ", "dates à corriger", champs=fautes)
    etapes = [connues.get(etat) or Etape(parcours=verrouille, etat=etat) for etat in dates]
    changees = [e for e in etapes if e.revisee != dates[e.etat]]
    if changees:
        versions.exiger_inchange(Etape.history.filter(parcours=verrouille), vu, ("revisee",))
    for etape in changees:
        etape.revisee = dates[etape.etat]
        versions.signer(etape, par)
        etape.save()
    return changees


@transaction.atomic
def figer_reference(
    *, par: Utilisateur, parcours: Iterable[Parcours] = (), grappe: Grappe | None = None
) -> list[Etape]:
    """Fait des dates révisées la référence, une fois pour toutes, pour des parcours ou toute une grappe."""
    cibles = _verrouiller(grappe.parcours.all() if grappe else parcours)
    for cible in cibles:
        exiger(peut_conduire(par, cible))
    etapes = list(
        Etape.objects.filter(parcours__in=cibles, reference__isnull=True, revisee__isnull=False).select_for_update()
    )
    if not etapes:
        raise _refus("parcours", "Aucune date à figer : donnez d'abord une date aux étapes sans référence.")
    for etape in etapes:
        etape.reference, etape.revisee = etape.revisee, None
        versions.signer(etape, par)
        etape.save()
    return etapes


# --- proposer, décider ---------------------------------------------------------------------------------------------

NOMS_DES_PASSAGES = {
    "engager": "le cadrage",
    "preparer": "la préparation",
    "piloter": "le pilote",
    "ouvrir": "l'ouverture",
    "verifier_service": "le service régulier",
    "passer_en_routine": "la routine",
}
PASSAGES_DU_DIRECTEUR = tuple(NOMS_DES_PASSAGES)


@transaction.atomic
def proposer(
    *, parcours: Parcours, transition: str, par: Utilisateur, date_visee: date | None = None, mot: str = ""
) -> Proposition:
    """Propose un passage au directeur ; une nouvelle proposition remplace celle qui attendait."""
    verrouille = _verrouiller([parcours])[0]
    exiger(peut_proposer(par, verrouille))
    if transition not in PASSAGES_DU_DIRECTEUR or verrouille.etat not in Parcours.departs(transition):
        raise _refus("transition", f"Ce passage ne part pas de l'état « {verrouille.get_etat_display()} ».")
    au = timezone.localdate()
    if date_visee and not au <= date_visee <= au + HORIZON:
        raise _refus("date_visee", "La date visée est celle d'un passage à venir.")
    proposition = Proposition(
        parcours=verrouille, transition=transition, date_visee=date_visee, mot=mot, proposee_par=par
    )
    verifier(proposition, ("mot",))
    attente = verrouille.propositions.en_attente().filter(transition=transition)
    attente.update(close_le=timezone.now(), issue="remplacee")
    proposition.save()
    return proposition


@transaction.atomic
def decider_proposition(
    *,
    proposition: Proposition,
    par: Utilisateur,
    accord: bool,
    motif: str = "",
    date_effet: date | None = None,
    version: int | None = None,
    date_visee: date | None = None,
) -> Passage | None:
    """Le directeur dit oui (le passage est franchi) ou reporte, avec un mot et, s'il veut, une autre date."""
    cible = _verrouiller([proposition.parcours])[0]
    proposition = Proposition.objects.select_for_update(of=("self",)).get(pk=proposition.pk)
    exiger(peut_decider(par, cible))
    if proposition.close_le:
        raise Refus("concurrence", "Cette proposition n'attend plus de réponse.")
    if accord:
        return changer_etat(cible, proposition.transition, par=par, motif=motif, date_effet=date_effet, version=version)
    if not motif.strip():
        raise _refus("motif", "Dites en une ligne pourquoi : le chef de projet la lira.")
    proposition.reponse, proposition.issue, proposition.close_le = motif, "reportee", timezone.now()
    proposition.close_par, proposition.reportee_au = par, date_visee
    try:
        verifier(proposition, ("reponse",))
    except Refus as refus:
        raise Refus("champ", refus.motif, champs={"motif": refus.champs["reponse"]}) from refus
    if date_visee:
        cible_etat = str(Parcours.transitions()[proposition.transition].target)
        reviser_dates(parcours=cible, dates={cible_etat: date_visee}, par=par)
    proposition.save()
    return None


# --- constat -------------------------------------------------------------------------------------------------------


def constater(
    *, parcours: Parcours, vers: str, par: Utilisateur, etapes: dict[str, date] | None = None, motif: str = ""
) -> Passage:
    """Constat initial : l'ESMS arrive à cet état, avec les dates d'entrée déjà connues."""
    exiger(peut_constater(par, parcours))
    connues = etapes or {}
    dates = {etat.value: connues[etat] for etat in FRISE_PARCOURS if connues.get(etat)}
    if vers in FRISE_PARCOURS and (fautes := fautes_de_dates(vers, dates, timezone.localdate())):
        raise Refus("champ", "dates constatées", champs=fautes)
    return changer_etat(
        parcours, "constater", par=par, motif=motif, vers=vers, etapes=dates, date_effet=dates.get(vers)
    )
