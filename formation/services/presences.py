"""Pointer les présences d'une session tenue : d'un clic, par numéro, par fichier. Présent, on est formé.

L'acquis suit le pointage : écrit à l'un, ôté à l'autre ; refaire le même geste ne change rien.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from formation.calculs.code_presence import est_le_bon
from formation.calculs.validite import valable_jusqu_au
from formation.enums import OrigineAcquis, Pointage, StatutInscription
from formation.models import Acquis, Inscription, Poste, SessionFormation
from formation.permissions import parcours_d_ici
from formation.services import couverture
from formation.services.noms import Noms
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, liste

PAS_TENUE = "Les présences se pointent une fois la session tenue : dites-le d'abord."
PAS_D_ICI = "{} : pas à pointer ici. Relisez la feuille ; qui est venu sans être inscrit s'inscrit d'abord."
MAUVAIS_CODE = "Ce n'est pas le code de cette session : relisez-le sur les feuilles, ou sur la page de la session."
AUCUN_NUMERO = "Écrivez les numéros lus sur la feuille, par exemple « 214 215 218 »."
PAS_UN_NUMERO = "« {} » n'est pas un numéro : écrivez des nombres, séparés par des espaces."
EN_TROP = "{} pour {} : c'est noté, puisque la session l'a vécu ; vérifiez seulement la feuille."
POINTABLES = (StatutInscription.INSCRIT, StatutInscription.EN_ATTENTE)


@dataclass
class Pointees:
    """Ce qu'un pointage a fait. `restent` : inscrites pas encore pointées."""

    presentes: int = 0
    absentes: int = 0
    changees: int = 0
    restent: list[Inscription] = field(default_factory=list)
    avertissement: str = ""


def pointables(session: SessionFormation, par: Utilisateur) -> list[Inscription]:
    """Qui se pointe, et que ce lecteur peut pointer ; par ESMS, puis dans l'ordre des noms qu'il y lit."""
    siens, noms = parcours_d_ici(par, session).order_by().values("pk"), Noms.pour(par, session)
    lues = session.inscriptions.filter(statut__in=POINTABLES, poste__parcours__in=siens).pour_lecture()
    return sorted(lues, key=noms.rang)


@transaction.atomic
def pointer(*, session: SessionFormation, pointages: Mapping[int, str], par: Utilisateur) -> Pointees:
    """Note ces présences (clé d'inscription → `Pointage`), d'un bloc ; qui attendait et vient prend une place.

    Lève `Refus` (etat, conditions) sans rien écrire.
    """
    relue = SessionFormation.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not relue.est_tenue:
        raise Refus("etat", PAS_TENUE)
    siennes = {i.pk: i for i in pointables(relue, par)}
    if inconnues := pointages.keys() - siennes.keys():
        combien = accorde(len(inconnues), "personne n'est plus,personnes ne sont plus")
        raise Refus("conditions", f"{combien} à pointer ici : relisez la page, puis enregistrez à nouveau.")
    autres = {cle: pointage for cle, pointage in pointages.items() if siennes[cle].pointage != pointage}
    changees = [_noter(siennes[cle], pointage) for cle, pointage in autres.items()]
    Inscription.objects.bulk_update(changees, ["pointage", "statut"])
    if changees:
        accorder_les_acquis(relue)
    return _rendre(relue, list(siennes.values()), len(changees))


def _noter(inscription: Inscription, pointage: str) -> Inscription:
    inscription.pointage = Pointage(pointage)
    if pointage == Pointage.PRESENT:
        inscription.statut = StatutInscription.INSCRIT
    return inscription


def _rendre(session: SessionFormation, siennes: list[Inscription], changees: int) -> Pointees:
    restent = [i for i in siennes if i.pointage == Pointage.NON_POINTE and i.statut == StatutInscription.INSCRIT]
    presentes = session.inscriptions.presentes().count()
    return Pointees(
        presentes=sum(i.pointage == Pointage.PRESENT for i in siennes),
        absentes=sum(i.pointage == Pointage.ABSENT for i in siennes),
        changees=changees,
        restent=restent,
        avertissement=dire_en_trop(presentes, session.capacite),
    )


def dire_en_trop(presentes: int, capacite: int) -> str:
    """L'avertissement d'une session qui a reçu plus de monde que de places ; vide sinon."""
    if presentes <= capacite:
        return ""
    return EN_TROP.format(accorde(presentes, "personne présente,personnes présentes"), accorde(capacite, "place"))


# --- par numéro ----------------------------------------------------------------------------------------------------


def lire_numeros(texte: str) -> list[int]:
    """« 214 215, n° 218 » → les numéros, dans l'ordre, sans doublon. Lève `Refus` au champ `numeros`."""
    mots = [m for m in re.split(r"[\s,;]+", re.sub(r"n\s*°", " ", texte, flags=re.IGNORECASE)) if m]
    for mot in mots:
        if not re.fullmatch(r"[0-9]{1,10}", mot):
            phrase = PAS_UN_NUMERO.format(mot[:20])
            raise Refus("champ", phrase, champs={"numeros": [phrase]})
    if not mots:
        raise Refus("champ", AUCUN_NUMERO, champs={"numeros": [AUCUN_NUMERO]})
    return list(dict.fromkeys(map(int, mots)))


@transaction.atomic
def pointer_par_numeros(
    *, session: SessionFormation, numeros: str, code: str, par: Utilisateur, autres_absents: bool = False
) -> Pointees:
    """Présents : les numéros lus sur les feuilles qui portent le code. `autres_absents` : les autres ne sont pas venus.

    Lève `Refus` (champ, etat) : mauvais code, numéro inconnu, session pas tenue.
    """
    if not est_le_bon(code, session.code_presence):
        raise Refus("champ", MAUVAIS_CODE, champs={"code": [MAUVAIS_CODE]})
    lus = lire_numeros(numeros)
    siennes = {i.professionnel_id: i for i in pointables(session, par)}
    if inconnus := [n for n in lus if n not in siennes]:
        phrase = PAS_D_ICI.format(liste(f"n° {n}" for n in inconnus))
        raise Refus("champ", phrase, champs={"numeros": [phrase]})
    pointages: dict[int, str] = {siennes[n].pk: Pointage.PRESENT for n in lus}
    if autres_absents:
        tus = (i for n, i in siennes.items() if n not in lus and i.statut == StatutInscription.INSCRIT)
        pointages |= {i.pk: Pointage.ABSENT for i in tus if i.pointage == Pointage.NON_POINTE}
    return pointer(session=session, pointages=pointages, par=par)


# --- ce que l'on en retient ----------------------------------------------------------------------------------------


def accorder_les_acquis(session: SessionFormation) -> None:
    """Un acquis par personne présente à une session tenue, aucun autre ; idempotent. Puis la couverture se refait."""
    presentes = list(session.inscriptions.presentes()) if session.est_tenue else []
    gardes = Acquis.objects.filter(inscription__session=session)
    perdus = gardes.exclude(inscription__in=presentes)
    touchees = set(perdus.values_list("professionnel", flat=True))
    perdus.delete()
    deja = set(gardes.values_list("inscription", flat=True))
    neuves = [i for i in presentes if i.pk not in deja]
    jusqu_au = valable_jusqu_au(session.jour, session.module.validite_mois)
    Acquis.objects.bulk_create(
        Acquis(
            professionnel_id=i.professionnel_id,
            module_id=session.module_id,
            origine=OrigineAcquis.SESSION,
            inscription=i,
            obtenu_le=session.jour,
            valable_jusqu_au=jusqu_au,
        )
        for i in neuves
    )
    touchees |= {i.professionnel_id for i in neuves}
    if touchees:
        postes = Poste.objects.filter(professionnel__in=touchees).order_by()
        couverture.rafraichir(parcours=sorted(set(postes.values_list("parcours", flat=True))))
