"""Lire le calendrier d'une grappe : les dates de chaque ESMS, rangées par vague ; en requêtes constantes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from programme.calculs import frise
from programme.dessins import gantt, glissement
from programme.enums import EN_CHEMIN, FRISE_PARCOURS, EtatParcours
from programme.models import Grappe, Parcours, Vague
from programme.models.parcours import ParcoursQuerySet

ETAPES = FRISE_PARCOURS[1:]
"""Étapes dont on compare les dates : toutes, sauf l'entrée dans le parcours."""
ARRETES = (EtatParcours.SUSPENDU, EtatParcours.SORTI)


@dataclass(slots=True)
class LigneCalendrier:
    """Un ESMS sur le calendrier. `dates` : une ligne de tableau par étape qui a au moins une date.

    `toutes_les_dates` : les mêmes, et les étapes qu'il traverse sans date encore.
    """

    parcours: Parcours
    trajet: gantt.Trajet
    dates: list[frise.LigneDates]
    toutes_les_dates: list[frise.LigneDates] = field(default_factory=list)

    def ecart_en_jours(self, etat: str) -> int | None:
        """Écart d'une étape à sa référence, en jours."""
        return glissement.ecart_en_jours(self.trajet.etapes.get(etat))

    @property
    def traversees(self) -> dict[str, Any]:
        """Dates des étapes que l'ESMS traverse, l'entrée exceptée ; None pour celles qui n'en ont pas.

        Suspendu ou sorti, il ne traverse plus que ce qu'il a franchi.
        """
        toutes = {e.value: self.trajet.etapes.get(e) for e in self.trajet.traversees if e in ETAPES}
        return {e: d for e, d in toutes.items() if d and d.reelle} if self.trajet.arret else toutes


@dataclass(slots=True)
class VagueLue:
    """Une vague et les ESMS qu'on y voit ; `vague` nulle : ceux qui n'en ont pas."""

    vague: Vague | None
    lignes: list[LigneCalendrier] = field(default_factory=list)

    @property
    def fenetre(self) -> gantt.Fenetre:
        """La fenêtre prévue, et les ouvertures."""
        debut, fin = (self.vague.debut, self.vague.fin) if self.vague else (None, None)
        return gantt.fenetre(debut, fin, [ligne.trajet for ligne in self.lignes])

    @property
    def en_chemin(self) -> int:
        """ESMS accompagnés en ce moment, face à la capacité."""
        return sum(ligne.parcours.etat in EN_CHEMIN for ligne in self.lignes)

    @property
    def nom(self) -> str:
        """« Vague 2 », ou « Sans vague »."""
        return f"Vague {self.vague.numero}" if self.vague else "Sans vague"

    @property
    def cle(self) -> str:
        """Ce que l'adresse en dit."""
        return str(self.vague.numero) if self.vague else "sans"


def trajet_de(parcours: Parcours) -> gantt.Trajet:
    """Les dates d'un parcours, telles que le dessin les lit."""
    etapes = {e.etat: e for e in parcours.etapes.all()}
    absentes = frise.sans_objet(
        est_pilote=parcours.est_pilote,
        chemin_court=parcours.chemin_court,
        franchies=etapes,
        etat=parcours.etat_memoire if parcours.etat == EtatParcours.SUSPENDU else parcours.etat,
    )
    if parcours.etat not in ARRETES:
        return gantt.Trajet(parcours.rang, etapes, absentes)
    arret = parcours.depuis_le or timezone.localtime(parcours.cree_le).date()
    return gantt.Trajet(parcours.rang, gantt.sans_suite(etapes), absentes, arret)


def lire_calendrier(qs: ParcoursQuerySet, au: date) -> list[LigneCalendrier]:
    """Les ESMS d'un ensemble déjà borné à ce que le lecteur voit, avec leurs dates ; deux requêtes."""
    rendu = []
    for parcours in qs.pour_lecture().prefetch_related("etapes"):
        trajet = trajet_de(parcours)
        lignes = frise.tableau(trajet.etapes, set(trajet.absentes), au)
        datees = [ligne for ligne in lignes if ligne.reference or ligne.revisee or ligne.reelle]
        if trajet.arret:
            datees = [replace(ligne, depassee=False) for ligne in datees]
        rendu.append(LigneCalendrier(parcours, trajet, datees, lignes))
    return rendu


def par_vague(grappe: Grappe, lignes: Iterable[LigneCalendrier]) -> list[VagueLue]:
    """Toutes les vagues de la grappe, dans l'ordre, puis ceux qui n'en ont pas, s'il y en a."""
    vagues = {v.pk: VagueLue(v) for v in grappe.vagues.all()}
    sans = VagueLue(None)
    for ligne in lignes:
        vagues.get(ligne.parcours.vague_id or 0, sans).lignes.append(ligne)
    return [*vagues.values(), *([sans] if sans.lignes else [])]


def glissement_par_etape(lignes: Iterable[LigneCalendrier], au: date) -> list[tuple[str, glissement.Bilan]]:
    """(étape, bilan), pour les étapes où un écart se mesure ou se mesurera."""
    etats = [e.value for e in ETAPES]
    bilans = glissement.par_etape([ligne.traversees for ligne in lignes], etats, au)
    return [(str(e.label), b) for e in ETAPES if (b := bilans[e.value]).nombre or b.en_attente]


def glissement_par_vague(vagues: Iterable[VagueLue], au: date) -> list[tuple[str, glissement.Bilan]]:
    """(vague, bilan du dernier écart connu de chaque ESMS), pour les vagues où l'on voit quelqu'un."""
    return [
        (v.nom, glissement.bilan_des_derniers([list(x.traversees.values()) for x in v.lignes], au))
        for v in vagues
        if v.lignes
    ]


def sans_reference(lignes: Iterable[LigneCalendrier]) -> int:
    """ESMS en cours dont aucune étape n'a de date de référence."""
    return sum(not ligne.trajet.references() and not ligne.trajet.arret for ligne in lignes)


def etats_presents(lignes: Iterable[LigneCalendrier]) -> list[tuple[EtatParcours, int]]:
    """États où se trouve quelqu'un, et combien."""
    comptes = Counter(ligne.parcours.etat for ligne in lignes)
    return [(e, comptes[e.value]) for e in EtatParcours if comptes[e.value]]


ENTETES = ["FINESS", "ESMS", "Vague", "État", "Étape", "Référence", "Révisée", "Réelle", "Écart (jours)"]


def en_lignes(vagues: Iterable[VagueLue]) -> Iterator[list[Any]]:
    """Le calendrier pour un tableur : une ligne par ESMS et par étape datée, comme la table de la page."""
    for vague in vagues:
        for ligne in vague.lignes:
            p = ligne.parcours
            for d in ligne.dates:
                tete = [p.esms.finess, p.esms.nom, vague.vague.numero if vague.vague else "", p.get_etat_display()]
                yield [*tete, d.nom, d.reference, d.revisee, d.reelle, ligne.ecart_en_jours(d.etat)]
