"""Qui représente qui dans une grappe : ses ESMS, ses sièges, et ceux que personne ne représente."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from gouvernance.calculs.representation import Engage, Siege, representer
from gouvernance.dessins.representation import Dessin, dessiner
from gouvernance.models import Instance, Mandat
from programme.models import Grappe, Parcours, Utilisateur
from programme.models.parcours import ParcoursQuerySet
from programme.permissions import voit_toute_la_grappe


@dataclass(frozen=True, slots=True)
class LigneRepresentee:
    """Un ESMS. `mandats` : qui parle pour lui, dans les instances que voit le lecteur ; `ailleurs` : dans une autre."""

    engage: Engage
    mandats: tuple[Mandat, ...]
    ailleurs: bool

    @property
    def est_representee(self) -> bool:
        """Vrai si quelqu'un parle pour lui."""
        return bool(self.mandats) or self.ailleurs


@dataclass(frozen=True, slots=True)
class Lecture:
    """La représentation d'une grappe pour un lecteur. `choisie` : dans cette instance seulement ; None, dans toutes."""

    instances: tuple[Instance, ...]
    choisie: Instance | None
    lignes: tuple[LigneRepresentee, ...]
    dessin: Dessin
    entiere: bool

    @property
    def sans(self) -> tuple[Engage, ...]:
        """Ceux que personne ne représente."""
        return tuple(ligne.engage for ligne in self.lignes if not ligne.est_representee)


def engages_de(parcours: ParcoursQuerySet) -> list[Engage]:
    """Ces parcours, encore dans le projet, tels qu'un siège les vise ; par nom. Une requête."""
    lus = parcours.dans_le_projet().select_related("esms__og", "esms__categorie", "esms__departement")
    return [
        Engage(
            p.pk,
            p.esms.nom,
            p.esms_id,
            p.esms.og_id,
            str(p.esms.og or ""),
            p.esms.categorie_id,
            str(p.esms.categorie),
            p.esms.departement_id,
        )
        for p in lus.order_by("esms__tri", "pk")
    ]


def cibles_de(grappe: Grappe) -> dict[str, dict[Any, str]]:
    """Ce qu'un siège peut viser dans cette grappe : organismes, catégories, départements, ESMS, et leurs noms."""
    lus = Parcours.objects.dans_le_projet().filter(grappe=grappe).order_by("esms__tri", "pk")
    rendu: dict[str, dict[Any, str]] = {"og": {}, "categorie": {}, "departement": {}, "esms": {}}
    for parcours in lus.select_related("esms__og", "esms__categorie", "esms__departement"):
        for nom in ("og", "categorie", "departement"):
            if (objet := getattr(parcours.esms, nom)) is not None:
                rendu[nom].setdefault(objet.pk, str(objet))
        rendu["esms"][parcours.esms_id] = parcours.esms.nom
    return {nom: dict(sorted(objets.items(), key=lambda paire: paire[1])) for nom, objets in rendu.items()}


def en_siege(mandat: Mandat) -> Siege:
    """Un mandat, réduit à ce qui décide."""
    return Siege(
        mandat.pk,
        mandat.comite_id,
        mandat.represente,
        mandat.og_id,
        mandat.categorie_id,
        mandat.departement_id,
        mandat.esms_id,
    )


def mandats_de(grappe: Grappe, au: date) -> list[Mandat]:
    """Les mandats en cours dans les instances ouvertes de la grappe. Une requête."""
    tenus = Mandat.objects.en_cours(au).filter(comite__grappe=grappe, comite__close_le__isnull=True)
    return list(tenus.pour_lecture().order_by("comite", "-anime", "represente", "pk"))


def lire(grappe: Grappe, par: Utilisateur, au: date, instance: str = "") -> Lecture:
    """La représentation que voit ce lecteur ; `instance` : la clé d'une instance qu'il voit, ou vide.

    « Personne » se juge sur toutes les instances de la grappe : un siège qu'il ne lit pas se dit, sans nom.
    """
    instances = tuple(Instance.objects.visibles_par(par).filter(grappe=grappe).actives())
    choisie = next((i for i in instances if str(i.pk) == instance), None)
    mandats = [m for m in mandats_de(grappe, au) if choisie is None or m.comite_id == choisie.pk]
    lignes = _lignes(
        engages_de(Parcours.objects.visibles_par(par).filter(grappe=grappe)), mandats, {i.pk for i in instances}
    )
    representes = {ligne.engage.cle for ligne in lignes if ligne.est_representee}
    dessin = dessiner([ligne.engage for ligne in lignes], representes)
    return Lecture(instances, choisie, tuple(lignes), dessin, voit_toute_la_grappe(par, grappe))


def _lignes(engages: list[Engage], mandats: Iterable[Mandat], vues: set[int]) -> list[LigneRepresentee]:
    """Ceux que personne ne représente d'abord, puis par nom."""
    par_siege = {m.pk: m for m in mandats}
    parlent = representer(engages, [en_siege(m) for m in par_siege.values()])
    rendu = []
    for engage in engages:
        siens = [par_siege[s.cle] for s in parlent[engage.cle]]
        lus = tuple(m for m in siens if m.comite_id in vues)
        rendu.append(LigneRepresentee(engage, lus, len(lus) < len(siens)))
    return sorted(rendu, key=lambda ligne: ligne.est_representee)
