"""Ce que montrent les pages de couverture : une grappe ou un organisme d'un coup d'œil, un ESMS en cinq minutes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from formation.calculs.couverture import Compte
from formation.dessins.couverture import Courbe, Ligne, dessiner_case, dessiner_courbe
from formation.enums import StatutInscription
from formation.models import CumulCouverture, ModuleFormation, PlanFormation, Poste, SessionFormation
from formation.models.plan import SEUIL_COUVERTURE
from formation.services.couverture import exigences
from formation.services.couverture_lue import (
    CouvertureLue,
    LigneDeCoupe,
    LigneDUnite,
    lignes_par_metier,
    lignes_par_module,
    lignes_par_unite,
    lire_pour,
)
from programme.models import Grappe, Parcours, Utilisateur

RECUL = timedelta(days=366)
"""La courbe montre un an."""
SESSIONS_MONTREES = 6


@dataclass(frozen=True, slots=True)
class Ensemble:
    """La couverture d'une grappe ou d'un organisme : la lecture, la carte des ESMS lus, ses coupes, ses mois."""

    lue: CouvertureLue
    parcours: list[Parcours]
    lignes: list[Ligne]
    modules: list[LigneDeCoupe]
    metiers: list[LigneDeCoupe]
    courbe: Courbe
    seuil: float


def seuil_de(grappe: Grappe) -> float:
    """La couverture demandée pour ouvrir, entre 0 et 1 : le réglage de la grappe, ou celui du produit."""
    regle = PlanFormation.objects.filter(grappe=grappe).values_list("seuil_couverture", flat=True).first()
    return (SEUIL_COUVERTURE if regle is None else regle) / 100


def courbe_de(parcours: QuerySet[Parcours], au: date, *, montree: bool) -> Courbe:
    """Un an de comptes gardés, sommés. Une requête ; rien si le total ne se montre pas."""
    if not montree:
        return dessiner_courbe([])
    gardes = (
        CumulCouverture.objects.totaux()
        .filter(parcours__in=parcours.order_by().values("pk"), mois__gt=au - RECUL, mois__lte=au)
        .order_by("mois")
        .values_list("mois")
        .annotate(la=Sum("en_poste"), oui=Sum("formes"))
    )
    return dessiner_courbe([(mois, Compte(la, oui)) for mois, la, oui in gardes])


def lire_ensemble(tous: QuerySet[Parcours], lus: QuerySet[Parcours], lecteur: Utilisateur, au: date) -> Ensemble:
    """`tous` fait le total ; `lus` fait les lignes : ceux dont ce lecteur lit la préparation."""
    lue = lire_pour(lecteur, tous, au)
    modules = lignes_par_module(lue)
    parcours = list(lus.select_related("esms").order_by("esms__nom", "pk"))
    lignes = [_ligne(p, lue, modules) for p in parcours]
    courbe = courbe_de(tous, au, montree=lue.total is not None)
    return Ensemble(lue, parcours, lignes, modules, lignes_par_metier(lue), courbe, SEUIL_COUVERTURE / 100)


def _ligne(parcours: Parcours, lue: CouvertureLue, modules: list[LigneDeCoupe]) -> Ligne:
    def case(cle: Any, coupe: Any) -> Any:
        return dessiner_case(coupe.get(cle), masque=cle in coupe and coupe[cle] is None)

    return Ligne(
        str(parcours),
        reverse("formation:parcours-formation", args=[parcours.pk]),
        tuple(case((parcours.pk, m.objet.pk), lue.par_esms_et_module) for m in modules),
        case(parcours.pk, lue.par_esms),
    )


ENTETES = ["ESMS", "FINESS", "Module", "En poste", "Formés", "Taux"]


def en_lignes(page: Ensemble) -> Iterator[list[Any]]:
    """Le tableau à emporter : par ESMS, l'ensemble puis chaque module ; vide : masqué, ou sans objet."""
    for p in page.parcours:
        coupes = [("Tous", page.lue.par_esms.get(p.pk))]
        coupes += [(m.objet.nom, page.lue.par_esms_et_module.get((p.pk, m.objet.pk))) for m in page.modules]
        for nom, compte in coupes:
            nombres = [compte.en_poste, compte.formes, compte.taux] if compte else [None, None, None]
            yield [str(p), p.esms.finess, nom, *nombres]


@dataclass(slots=True)
class AFormer:
    """Une personne en poste, et les modules qui lui manquent."""

    poste: Poste
    modules: list[ModuleFormation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageEsms:
    """Un ESMS : sa lecture, ses coupes, qui manque (vide pour qui ne gère pas), les sessions qui viennent."""

    lue: CouvertureLue
    modules: list[LigneDeCoupe]
    metiers: list[LigneDeCoupe]
    unites: list[LigneDUnite]
    a_former: list[AFormer]
    sessions: list[SessionFormation]
    courbe: Courbe
    seuil: float

    @property
    def restent(self) -> int | None:
        """Combien il en reste à former ; None si cela ne se montre pas."""
        return self.lue.total.restent if self.lue.total else None

    @property
    def sous_le_seuil(self) -> bool:
        """Vrai si la couverture n'atteint pas celle que demande l'ouverture."""
        return bool(self.lue.total and self.lue.total.taux is not None and self.lue.total.taux < self.seuil)

    @property
    def premiere_session(self) -> SessionFormation | None:
        """La prochaine où il reste une place."""
        return next((s for s in self.sessions if getattr(s, "places_libres", 0) > 0), None)


def lire_esms(parcours: Parcours, lecteur: Utilisateur, au: date, *, gere: bool) -> PageEsms:
    """La page d'un ESMS, en une trentaine de requêtes, quel que soit le nombre de personnes."""
    cet_esms = Parcours.objects.filter(pk=parcours.pk)
    lue = lire_pour(lecteur, cet_esms, au)
    return PageEsms(
        lue,
        lignes_par_module(lue),
        lignes_par_metier(lue),
        lignes_par_unite(lue, parcours),
        qui_manque(parcours, au) if gere else [],
        prochaines_sessions(parcours, lecteur),
        courbe_de(cet_esms, au, montree=lue.total is not None),
        seuil_de(parcours.grappe),
    )


def qui_manque(parcours: Parcours, au: date) -> list[AFormer]:
    """Les personnes à qui il manque un module, par nom, une fois chacune. Trois requêtes."""
    modules = ModuleFormation.objects.filter(grappe=parcours.grappe_id).in_bulk()
    manques: dict[int, set[int]] = defaultdict(set)
    postes: dict[int, int] = {}
    lignes = exigences(Parcours.objects.filter(pk=parcours.pk), au).filter(manque=True)
    for poste, personne, module in lignes.values_list("pk", "professionnel_id", "module"):
        manques[personne].add(module)
        postes.setdefault(personne, poste)
    lus = Poste.objects.filter(pk__in=postes.values()).pour_lecture().order_by("professionnel__tri", "pk")
    return [
        AFormer(p, sorted((modules[m] for m in manques[p.professionnel_id]), key=lambda m: (m.ordre, m.nom, m.pk)))
        for p in lus
    ]


def prochaines_sessions(parcours: Parcours, lecteur: Utilisateur) -> list[SessionFormation]:
    """Celles qui viennent, pour cet ESMS ou toute sa grappe, avec `places_libres`. Une requête."""
    inscrits = Count("inscriptions", filter=Q(inscriptions__statut=StatutInscription.INSCRIT), distinct=True)
    sessions: Any = SessionFormation.objects.visibles_par(lecteur).a_venir()
    return list(
        sessions.filter(Q(parcours=parcours) | Q(parcours__isnull=True), grappe=parcours.grappe_id)
        .filter(debut__gte=timezone.now())
        .annotate(places_libres=F("capacite") - inscrits)
        .pour_lecture()
        .order_by("debut", "pk")[:SESSIONS_MONTREES]
    )
