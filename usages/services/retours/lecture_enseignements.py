"""Ce que montrent les pages d'enseignements : qui a lu, ce qu'un ESMS doit lire, ce qui gêne encore les pilotes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from programme.enums import EtatParcours
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.models import Passage
from usages.enums import EtatEnseignement, EtatRetour
from usages.models import Enseignement, Irritant, LectureEnseignement, Retour, Ticket
from usages.models.retours import semaine_de

UN_PILOTE = "un site pilote"
RESUMES = 12
"""Ce qu'on montre de ce qui gêne encore : de quoi se préparer, pas un registre. Valeur du produit."""


def nommer_les_pilotes(enseignements: Iterable[Enseignement], utilisateur: Utilisateur) -> None:
    """Pose `pilote_dit` (son nom pour qui le voit, « un site pilote » pour les autres) et `se_nomme`. Une requête.

    `se_nomme` : rien n'y désigne un ESMS que le lecteur ne voit pas ; sinon, ni l'auteur ni l'histoire ne se lisent.
    """
    lus = list(enseignements)
    cles = {e.pilote_id for e in lus if e.pilote_id}
    vus = set(Parcours.objects.visibles_par(utilisateur).filter(pk__in=cles).order_by().values_list("pk", flat=True))
    for e in lus:
        dit = (str(e.pilote) if e.pilote_id in vus else UN_PILOTE) if e.pilote_id else ""
        e.pilote_dit, e.se_nomme = dit, not e.pilote_id or e.pilote_id in vus


def compter_les_lectures(enseignements: Iterable[Enseignement], utilisateur: Utilisateur) -> None:
    """Pose `nb_lectures` : combien d'ESMS l'ont lu, parmi ceux que voit le lecteur. Une requête."""
    lus = list(enseignements)
    vus = Parcours.objects.visibles_par(utilisateur).order_by().values("pk")
    lignes = LectureEnseignement.objects.filter(enseignement__in=[e.pk for e in lus], parcours__in=vus).order_by()
    nombres = dict(lignes.values_list("enseignement").annotate(nombre=Count("pk")))
    for e in lus:
        e.nb_lectures = nombres.get(e.pk, 0)


def clos_de(grappe: Grappe, utilisateur: Utilisateur) -> list[Enseignement]:
    """Les clos de la grappe, avec `raison` : le motif du dernier passage. Trois requêtes."""
    clos = list(Enseignement.objects.visibles_par(utilisateur).filter(grappe=grappe).clos().pour_lecture())
    nommer_les_pilotes(clos, utilisateur)
    donner_la_raison(clos)
    return clos


def donner_la_raison(enseignements: Iterable[Enseignement]) -> None:
    """Pose `raison` : le motif de la dernière clôture. Une requête."""
    lus = list(enseignements)
    passages = Passage.objects.de_plusieurs(Enseignement, [e.pk for e in lus]).filter(vers=EtatEnseignement.CLOS)
    motifs = dict(passages.values_list("objet_id", "motif"))
    for e in lus:
        e.raison = motifs.get(e.pk, "")


# --- un enseignement, et qui l'a lu ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lecteurs:
    """Qui l'a lu, qui se prépare et ne l'a pas lu : les ESMS que voit le lecteur, et eux seuls."""

    lectures: list[LectureEnseignement]
    attendus: list[Parcours]


def lecteurs_de(enseignement: Enseignement, utilisateur: Utilisateur) -> Lecteurs:
    """Deux requêtes."""
    vus = Parcours.objects.visibles_par(utilisateur)
    lues = enseignement.lectures.filter(parcours__in=vus.order_by().values("pk"))
    suivants = vus.filter(grappe=enseignement.grappe_id, est_pilote=False, etat=EtatParcours.PREPARATION)
    attendus = suivants.exclude(enseignements_lus__enseignement=enseignement).select_related("esms__departement")
    return Lecteurs(
        list(lues.select_related("parcours__esms__departement", "lu_par").order_by("-lu_le", "pk")),
        list(attendus.order_by("esms__tri", "pk")) if enseignement.est_ouvert else [],
    )


# --- ce qu'un ESMS doit lire -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class ALire:
    """Un enseignement, et sa lecture par l'ESMS s'il l'a lu."""

    enseignement: Enseignement
    lecture: LectureEnseignement | None


@dataclass(slots=True)
class PageALire:
    """Ce que lit un ESMS avant d'ouvrir ; `siens` : ce qu'il a lui-même écrit, s'il est pilote."""

    a_lire: list[ALire] = field(default_factory=list)
    siens: list[Enseignement] = field(default_factory=list)
    irritants: list[Irritant] = field(default_factory=list)
    retours: list[Retour] = field(default_factory=list)

    @property
    def restent(self) -> list[Enseignement]:
        """Ceux qu'il n'a pas encore lus."""
        return [ligne.enseignement for ligne in self.a_lire if ligne.lecture is None]

    @property
    def nb_a_regler(self) -> int:
        """Combien barrent encore son ouverture."""
        return sum(ligne.enseignement.a_regler for ligne in self.a_lire)


def _pilotes(parcours: Parcours) -> QuerySet[Parcours]:
    return Parcours.objects.filter(grappe=parcours.grappe_id, est_pilote=True).exclude(pk=parcours.pk).order_by()


def irritants_des_pilotes(parcours: Parcours, utilisateur: Utilisateur, au: date) -> list[Irritant]:
    """Ce qui gêne encore les pilotes avec leur éditeur : les irritants dont un ticket reste ouvert chez eux."""
    chez_eux = Ticket.objects.ouverts(au).filter(irritant=OuterRef("pk"), parcours__in=_pilotes(parcours).values("pk"))
    vus = Irritant.objects.visibles_par(utilisateur).filter(Exists(chez_eux.order_by()), grappe=parcours.grappe_id)
    return list(vus.pour_lecture().order_by("tri", "pk")[:RESUMES])


def retours_des_pilotes(parcours: Parcours, au: date) -> list[Retour]:
    """Ce qu'on traite chez les pilotes, en résumé : ni le texte d'origine, ni l'ESMS, ni la semaine en cours."""
    en_cours = (EtatRetour.QUALIFIE, EtatRetour.EN_COURS)
    traites = Retour.objects.principaux().filter(
        parcours__in=_pilotes(parcours).values("pk"), etat__in=en_cours, recu_le__lt=semaine_de(au)
    )
    resumes = traites.exclude(titre="").only("titre", "theme", "etat", "module", "module__nom").select_related("module")
    return list(resumes.order_by("theme", "titre", "pk")[:RESUMES])


def page_a_lire(parcours: Parcours, utilisateur: Utilisateur, au: date) -> PageALire:
    """Ce que cet ESMS lit avant d'ouvrir : un nombre constant de requêtes."""
    ouverts = Enseignement.objects.visibles_par(utilisateur).filter(grappe=parcours.grappe_id).ouverts().pour_lecture()
    lus = list(ouverts)
    nommer_les_pilotes(lus, utilisateur)
    par_cle = {lecture.enseignement_id: lecture for lecture in parcours.enseignements_lus.select_related("lu_par")}
    lignes = [ALire(e, par_cle.get(e.pk)) for e in lus if e.pilote_id != parcours.pk]
    return PageALire(
        a_lire=sorted(lignes, key=lambda ligne: (not ligne.enseignement.a_regler, ligne.lecture is not None)),
        siens=[e for e in lus if e.pilote_id == parcours.pk],
        irritants=irritants_des_pilotes(parcours, utilisateur, au),
        retours=retours_des_pilotes(parcours, au),
    )
