"""Ce que toutes les lignes « à faire » lisent : les parcours où l'on agit, mesurés une seule fois par demande."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse

from programme.enums import EtatOuverture, EtatParcours, Role
from programme.models import Ouverture, Parcours
from programme.permissions import affectes_sur
from programme.services.reports import Report, reports_en_cours
from programme.services.reserves import Reserve, reserves_de
from programme.socle.a_faire import Demande
from programme.socle.conditions import Constat, evaluer

ACTIFS = {Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET}
REPONDENT = {Role.DIRECTEUR, Role.REFERENT, Role.SIEGE}
OUVRENT = (EtatParcours.PREPARATION, EtatParcours.PILOTE, EtatParcours.OUVERTURE)
RECENT = timedelta(days=30)


@dataclass(slots=True)
class Vu:
    """Un parcours en cours, les rôles qu'on y tient, ses constats pour la suite et pour ouvrir ses unités.

    `report` : la direction a répondu « plus tard » au passage qui attend ; `reserves` : ce qu'elle a promis.
    """

    parcours: Parcours
    roles: frozenset[str]
    constats: list[Constat] = field(default_factory=list)
    a_ouvrir: list[Constat] = field(default_factory=list)
    reserves: list[Reserve] = field(default_factory=list)
    report: Report | None = None

    @property
    def manques(self) -> dict[str, Constat]:
        """Ce qui reste à réunir, par code, réserves comprises."""
        restent = [c for c in [*self.a_ouvrir, *self.constats] if c.manque]
        return {c.condition.code: c for c in [*(r.constat for r in self.reserves), *restent]}

    def reserve_de(self, code: str) -> Reserve | None:
        """La réserve qui porte sur cette condition, s'il y en a une."""
        return next((r for r in self.reserves if r.constat.condition.code == code), None)


def parcours_vus(demande: Demande) -> list[Vu]:
    """Parcours en cours où cette personne agit, mesurés une seule fois par demande."""
    return demande.une_fois("parcours", lambda: list(_lire_parcours(demande)))


def _lire_parcours(demande: Demande) -> Iterator[Vu]:
    if not ACTIFS & set(demande.utilisateur.perimetre.roles):
        return
    vus: dict[int, Vu] = {}
    for p in Parcours.objects.visibles_par(demande.utilisateur).en_cours().pour_lecture():
        roles = frozenset(a.role for a in affectes_sur(demande.utilisateur, p))
        if roles & ACTIFS:
            vus[p.pk] = Vu(p, roles)
    par_transition: dict[str, list[int]] = {}
    for vu in vus.values():
        par_transition.setdefault(vu.parcours.prochaine, []).append(vu.parcours.pk)
    for transition, cles in sorted(par_transition.items()):
        if transition:
            for cle, constats in evaluer(Parcours.objects.filter(pk__in=cles), transition).items():
                vus[cle].constats = constats
    _lire_ouvertures(vus)
    _lire_suites(vus, demande)
    yield from vus.values()


def _lire_suites(vus: dict[int, Vu], demande: Demande) -> None:
    """Ce qui a été promis au dernier passage, ce qui a été reporté."""
    for cle, reserves in reserves_de(v.parcours for v in vus.values()).items():
        vus[cle].reserves = reserves
    for cle, report in reports_en_cours(vus, demande.au).items():
        if report.transition == vus[cle].parcours.prochaine:
            vus[cle].report = report


def _lire_ouvertures(vus: dict[int, Vu]) -> None:
    """Ce qui manque pour ouvrir les unités d'un ESMS : les faits sont à l'ESMS, une unité parle pour toutes."""
    cles = [v.parcours.pk for v in vus.values() if v.parcours.etat in OUVRENT]
    fermees = Ouverture.objects.filter(
        unite__parcours__in=cles, etat__in=[EtatOuverture.A_PREPARER, EtatOuverture.PRETE]
    )
    a_qui = dict(fermees.values_list("pk", "unite__parcours"))
    for cle, constats in evaluer(fermees, "ouvrir").items():
        vus[a_qui[cle]].a_ouvrir = [c for c in constats if c.condition.code != "parcours_ouvert"]


def page_de(p: Parcours) -> str:
    """Adresse de la page d'un parcours."""
    return reverse("programme:parcours-detail", args=[p.pk])


def lieu_de(p: Parcours) -> str:
    """Nom de l'ESMS et ville, quand elle est connue."""
    return f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else str(p.esms.nom)


def verbe_de(transition: str) -> str:
    """Le verbe d'un passage, comme sur son bouton."""
    return str(Parcours.transitions()[transition].custom["verbe"])
