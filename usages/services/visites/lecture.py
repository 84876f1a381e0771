"""Ce que montrent les pages d'une visite, en un nombre constant de requêtes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from programme.models import Parcours, Utilisateur
from programme.socle.models import Passage
from usages.enums import EtatVisite, FormeDeTemps
from usages.models import (
    Constat,
    Equipier,
    Etude,
    Monographie,
    NoteDeVisite,
    PhotoDeVisite,
    Rencontre,
    TempsDeVisite,
    Trame,
    Verbatim,
    Visite,
)
from usages.services.monographies.titres import taire_les_titres
from usages.services.visites.programme import Journee, journees_de
from usages.services.visites.trames import trame_du_temps

DE_COTE = (EtatVisite.REFUSEE, EtatVisite.ANNULEE)


def _compte(modele: Any) -> Any:
    par_visite = modele.objects.filter(visite=OuterRef("pk")).order_by().values("visite")
    return Coalesce(Subquery(par_visite.annotate(n=Count("pk")).values("n")), 0)


def donner_la_raison(visites: Iterable[Visite]) -> None:
    """Pose `raison` : le motif du refus ou de l'annulation. Une requête."""
    lues: list[Any] = list(visites)
    passages = Passage.objects.de_plusieurs(Visite, [v.pk for v in lues]).filter(vers__in=DE_COTE)
    motifs = dict(passages.values_list("objet_id", "motif"))
    for visite in lues:
        visite.raison = motifs.get(visite.pk, "")


def visites_de(etude: Etude) -> list[Visite]:
    """Celles de l'étude, ce qui a lieu d'abord : jours, notes, rencontres, raison d'un refus. Deux requêtes."""
    jours = TempsDeVisite.objects.filter(visite=OuterRef("pk")).order_by().values("visite")
    lues = (
        Visite.objects.filter(etude=etude)
        .pour_lecture()
        .select_related("monographie")
        .annotate(
            nb_notes=_compte(NoteDeVisite),
            nb_rencontres=_compte(Rencontre),
            nb_temps=_compte(TempsDeVisite),
            premier=Subquery(jours.annotate(j=Min("jour")).values("j")),
            dernier=Subquery(jours.annotate(j=Max("jour")).values("j")),
        )
    )
    ordre = sorted(lues, key=lambda v: (v.etat in DE_COTE, v.premier is None, v.premier or v.proposee_le, v.pk))
    donner_la_raison(ordre)
    return ordre


def a_remplacer(visites: list[Visite]) -> list[Visite]:
    """Les refusées après quoi l'étude n'a rien proposé d'autre : elle choisit la suivante. Aucune requête."""
    derniere = max((v.pk for v in visites if v.etat not in DE_COTE), default=0)
    return [v for v in visites if v.etat in DE_COTE and v.pk > derniere]


@dataclass(frozen=True, slots=True)
class Page:
    """La page d'une visite : qui vient, quand, qui l'on rencontre. `nombres` : ce que l'équipe y a mis, pour elle."""

    equipe: list[Equipier]
    journees: list[Journee]
    rencontres: list[Rencontre]
    nombres: dict[str, int]
    monographie: Monographie | None

    @property
    def rencontrees(self) -> int:
        """Combien de personnes en tout."""
        return sum(r.nombre for r in self.rencontres)

    @property
    def nb_temps(self) -> int:
        """Temps au programme."""
        return sum(len(j.temps) for j in self.journees)

    @property
    def se_heurtent(self) -> int:
        """Temps qui en chevauchent un autre."""
        return sum(bool(t.heurts) for j in self.journees for t in j.temps)  # type: ignore[attr-defined]


def equipe_de(etude: Etude) -> list[Equipier]:
    """Qui la conduit, puis qui visite ; ceux qui ne font que lire n'y viennent pas. Une requête."""
    siens = etude.equipe.exclude(role="lecteur").select_related("compte")
    return sorted(siens, key=lambda e: (e.role != "pilote", e.pk))


def page_de(visite: Visite, *, dedans: bool) -> Page:
    """`dedans` : pour l'équipe de l'étude, qui lit aussi ce qu'elle a recueilli. Dix requêtes au plus."""
    sources = {"notes": NoteDeVisite, "photos": PhotoDeVisite, "verbatims": Verbatim, "constats": Constat}
    nombres = {n: m._default_manager.filter(visite=visite).count() for n, m in sources.items()} if dedans else {}
    return Page(
        equipe=equipe_de(visite.etude),
        journees=journees_de(visite),
        rencontres=list(visite.rencontres.all()),
        nombres=nombres,
        monographie=Monographie.objects.filter(visite=visite).first() if dedans else None,
    )


def donner_les_trames(visite: Visite, journees: Iterable[Journee]) -> None:
    """Pose `trame` sur chaque temps : celle de son thème et de sa forme, ou None. Une requête."""
    trames: dict[tuple[str, str], Trame] = {(t.theme, t.forme): t for t in visite.etude.trames.all()}
    for journee in journees:
        for temps in journee.temps:
            temps.trame = trame_du_temps(temps, trames)  # type: ignore[attr-defined]


def trames_sous_les_yeux(etude: Etude) -> list[Trame]:
    """Toutes celles de l'étude, par thème puis par forme. Une requête."""
    themes = [c for c, _ in Trame._meta.get_field("theme").choices or ()]
    formes = list(FormeDeTemps.values)
    return sorted(etude.trames.all(), key=lambda t: (themes.index(t.theme), formes.index(t.forme)))


# --- ce que l'ESMS voit ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChezNous:
    """Les études d'un ESMS, vues de lui : ce qui attend sa réponse, ce qui est prévu ou passé, ses monographies."""

    attendent: list[Visite]
    suivies: list[Visite]
    monographies: list[Monographie]


def chez(parcours: Parcours, utilisateur: Utilisateur) -> ChezNous:
    """Chaque visite avec son équipe et ses jours (`viennent`, `jours`). Sept requêtes."""
    lues: list[Any] = list(
        Visite.objects.visibles_par(utilisateur)
        .filter(parcours=parcours)
        .pour_lecture()
        .prefetch_related("temps", "etude__equipe__compte")
    )
    for visite in lues:
        visite.viennent = [e for e in visite.etude.equipe.all() if e.role != "lecteur"]
        visite.jours = sorted({t.jour for t in visite.temps.all()})
    donner_la_raison(lues)
    monographies = Monographie.objects.visibles_par(utilisateur).filter(visite__parcours=parcours).pour_lecture()
    return ChezNous(
        attendent=[v for v in lues if v.etat == EtatVisite.PROPOSEE],
        suivies=[v for v in lues if v.etat != EtatVisite.PROPOSEE],
        monographies=taire_les_titres(monographies),
    )
