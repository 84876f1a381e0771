"""Lire une session : qui vient, par ESMS et par métier, chacun selon ce qu'il a le droit d'en lire.

Qui gère un ESMS y lit des noms. Qui organise lit combien viennent de chaque ESMS (il faut des chaises), mais pas de
métier d'un ESMS en dessous de cinq. Les autres ne lisent que le total.
"""

from collections import Counter
from dataclasses import dataclass, field

from formation.enums import Pointage, StatutInscription
from formation.models import Inscription, SessionFormation
from formation.services.noms import Noms
from programme.calculs.masquage import SEUIL
from programme.models import Parcours
from programme.socle.texte import normaliser


@dataclass
class DUnEsms:
    """Ceux d'un ESMS. `gere` : le lecteur y lit des noms ; sinon des numéros. `metiers` : sans petit nombre."""

    parcours: Parcours
    inscrits: int = 0
    attente: int = 0
    presents: int = 0
    inscriptions: list[Inscription] = field(default_factory=list)
    metiers: list[tuple[str, int]] = field(default_factory=list)
    gere: bool = False

    def ranger(self) -> None:
        """Les inscrits, puis l'attente. L'ordre des noms en dirait déjà trop : sans eux, c'est celui des numéros."""
        self.inscriptions.sort(key=lambda i: (i.statut != StatutInscription.INSCRIT, _rang(i, self.gere)))


@dataclass
class QuiVient:
    """Une session lue. `ailleurs` : inscrits des ESMS dont le lecteur ne lit pas le compte."""

    par_esms: list[DUnEsms]
    inscrits: int
    attente: int
    libres: int
    presents: int
    a_pointer: int
    a_convoquer: int
    ailleurs: int = 0


def qui_vient(session: SessionFormation, noms: Noms, *, organise: bool) -> QuiVient:
    """Qui vient, pour ce lecteur. Une requête."""
    lues = list(
        session.inscriptions.exclude(statut=StatutInscription.DESISTE)
        .pour_lecture()
        .order_by("poste__parcours__esms__tri", "-statut", "inscrite_le", "pk")
    )
    places = [i for i in lues if i.statut == StatutInscription.INSCRIT]
    dits: dict[int, DUnEsms] = {}
    ailleurs = 0
    for inscription in lues:
        gere = noms.gere(inscription.poste)
        if not gere and not organise:
            ailleurs += inscription.statut == StatutInscription.INSCRIT
            continue
        _compter(
            dits.setdefault(inscription.poste.parcours_id, DUnEsms(inscription.poste.parcours, gere=gere)), inscription
        )
    for dit in dits.values():
        dit.ranger()
        if not dit.gere:
            dit.metiers = metiers_dits([i for i in places if i.poste.parcours_id == dit.parcours.pk])
    return QuiVient(
        par_esms=list(dits.values()),
        inscrits=len(places),
        attente=len(lues) - len(places),
        libres=max(session.capacite - len(places), 0),
        presents=sum(i.pointage == Pointage.PRESENT for i in places),
        a_pointer=sum(i.pointage == Pointage.NON_POINTE for i in places),
        a_convoquer=sum(i.convoquee_le is None for i in places),
        ailleurs=ailleurs,
    )


def _compter(dit: DUnEsms, inscription: Inscription) -> None:
    a_place = inscription.statut == StatutInscription.INSCRIT
    dit.inscrits += a_place
    dit.attente += not a_place
    dit.presents += inscription.pointage == Pointage.PRESENT
    dit.inscriptions.append(inscription)


def _rang(inscription: Inscription, gere: bool) -> tuple[str, str]:
    """Les inscrits par nom ou par numéro, l'attente dans son ordre."""
    if inscription.statut == StatutInscription.INSCRIT:
        return inscription.professionnel.tri if gere else "", f"{inscription.professionnel_id:012d}"
    return inscription.inscrite_le.isoformat(), f"{inscription.pk:012d}"


def metiers_dits(inscriptions: list[Inscription]) -> list[tuple[str, int]]:
    """Les métiers d'au moins cinq personnes ; les autres ne se disent pas, pas même par leur reste."""
    compte = Counter(str(i.poste.metier) for i in inscriptions)
    return sorted(((nom, n) for nom, n in compte.items() if n >= SEUIL), key=lambda c: (-c[1], normaliser(c[0])))


def metiers_lisibles(inscriptions: list[Inscription]) -> set[tuple[int, int]]:
    """Les (ESMS, métier) d'au moins cinq personnes parmi celles-ci : ceux qu'une feuille sans nom peut écrire."""
    compte = Counter((i.poste.parcours_id, i.poste.metier_id) for i in inscriptions)
    return {cle for cle, nombre in compte.items() if nombre >= SEUIL}
