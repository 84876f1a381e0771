"""Lire des numéros FINESS collés : lesquels entrent dans la grappe, et pourquoi les autres n'y entrent pas."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from programme.enums import EtatParcours
from programme.models import Esms, Grappe, Parcours, Solution
from programme.services.double_financement import Signal, signaux_d_entree
from programme.socle.finess.numero import Defaut, ListeTropLongue, lire_liste, pour_lecture

LISTE_TROP_LONGUE, INCONNU, FERME, DEJA = "liste_trop_longue", "inconnu", "ferme", "deja"
DOUBLE = "double_financement"
AILLEURS = "est déjà engagé dans un autre projet"
_A_SIGNALER = {Defaut.ZERO_PERDU, Defaut.DOUBLON}


@dataclass(frozen=True, slots=True)
class Ecart:
    """Un numéro qui ne va pas de soi : ce qui a été collé, le numéro lu s'il y en a un, et la phrase qui l'explique."""

    texte: str
    code: str
    message: str
    numero: str = ""


@dataclass(slots=True)
class Examen:
    """Lecture d'une liste collée : ESMS retenus dans l'ordre, numéros écartés, et ce qui mérite un coup d'œil."""

    texte: str
    retenus: list[Esms] = field(default_factory=list)
    defauts: list[Ecart] = field(default_factory=list)
    avis: list[Ecart] = field(default_factory=list)

    @property
    def a_corriger(self) -> str:
        """Les numéros écartés, un par ligne : ce qu'il reste à corriger une fois les bons ajoutés."""
        return "\n".join(d.texte for d in self.defauts)


def examiner_numeros(*, texte: str, par: Any, grappe: Grappe | None = None, solution: Solution | None = None) -> Examen:
    """Lit `texte` et dit, numéro par numéro, ce qui entre dans `grappe` et pourquoi le reste n'y entre pas.

    N'écrit rien. Aucune phrase ne nomme une grappe que `par` ne voit pas.
    """
    examen = Examen(texte)
    try:
        lectures = lire_liste(texte)
    except ListeTropLongue as trop_longue:
        examen.defauts.append(Ecart(texte, LISTE_TROP_LONGUE, str(trop_longue)))
        return examen
    lisibles: dict[str, str] = {}
    for lecture in lectures:
        if lecture.numero is None:
            examen.defauts.append(Ecart(lecture.texte, str(lecture.defaut), lecture.message))
            continue
        if lecture.defaut in _A_SIGNALER:
            examen.avis.append(Ecart(lecture.texte, str(lecture.defaut), lecture.message, lecture.numero))
        lisibles.setdefault(lecture.numero, lecture.texte)
    connus = {e.finess: e for e in Esms.objects.filter(finess__in=lisibles).select_related(*_POUR_LIRE)}
    solution = solution or (grappe.solution if grappe else None)
    parcours = _parcours_par_esms(connus.values())
    doubles: dict[int, list[Signal]] = {}
    for signal in signaux_d_entree(connus.values(), grappe=grappe, solution=solution, lecteur=par) if parcours else ():
        doubles.setdefault(signal.esms.pk, []).append(signal)
    visibles = set(Grappe.objects.visibles_par(par).values_list("pk", flat=True)) if parcours else set()
    for numero, saisi in lisibles.items():
        esms = connus.get(numero)
        ecart = _ecart(numero, saisi, esms, parcours.get(esms.pk if esms else 0, []), grappe, solution, visibles)
        if ecart or esms is None:
            examen.defauts.append(ecart or _inconnu(numero, saisi))
            continue
        examen.retenus.append(esms)
        avis = _avis(esms, saisi, parcours.get(esms.pk, []), grappe, solution, visibles)
        finances = [Ecart(saisi, DOUBLE, s.phrase, esms.finess) for s in doubles.get(esms.pk, [])]
        # Ce qu'une convention finance déjà se dit avec précision ; sinon, ce qui risque de l'être.
        examen.avis += [a for a in avis if a.code != DOUBLE or not finances] + finances
    return examen


def examiner_esms(
    *, esms: Iterable[Esms], par: Any, grappe: Grappe | None = None, solution: Solution | None = None
) -> Examen:
    """Le même examen pour des ESMS déjà choisis dans l'annuaire."""
    return examiner_numeros(texte="\n".join(e.finess for e in esms), par=par, grappe=grappe, solution=solution)


_POUR_LIRE = ("categorie", "og", "departement__region", "remplace_par")


def _parcours_par_esms(esms: Iterable[Esms]) -> dict[int, list[Parcours]]:
    lignes: QuerySet[Parcours] = Parcours.objects.filter(esms__in=[e.pk for e in esms]).select_related("grappe")
    rendu: dict[int, list[Parcours]] = {}
    for parcours in lignes:
        rendu.setdefault(parcours.esms_id, []).append(parcours)
    return rendu


def _inconnu(numero: str, saisi: str) -> Ecart:
    return Ecart(
        saisi,
        INCONNU,
        f"« {pour_lecture(numero)} » n'est pas dans l'annuaire : vérifiez qu'il s'agit bien d'un FINESS géographique, "
        "ou demandez à l'administrateur d'importer la dernière extraction.",
        numero,
    )


def _ecart(
    numero: str,
    saisi: str,
    esms: Esms | None,
    parcours: list[Parcours],
    grappe: Grappe | None,
    solution: Solution | None,
    visibles: set[int],
) -> Ecart | None:
    if esms is None:
        return _inconnu(numero, saisi)
    nomme = f"« {pour_lecture(numero)} » ({esms.nom})"
    if not esms.est_actif:
        return Ecart(saisi, FERME, f"{nomme} est fermé{_suite_de(esms)}", numero)
    en_cours = [p for p in parcours if p.etat != EtatParcours.SORTI]
    if grappe and any(p.grappe_id == grappe.pk for p in en_cours):
        return Ecart(saisi, DEJA, f"{nomme} est déjà dans cette grappe : il n'y a rien à ajouter.", numero)
    for autre in en_cours:
        if solution and autre.solution_id == solution.pk:
            if autre.grappe_id in visibles:
                ou = f"a déjà un parcours en cours pour {solution} dans la grappe « {autre.grappe} »"
            else:
                ou = AILLEURS
            suite = "faites-l'en sortir d'abord, ou choisissez une autre solution."
            return Ecart(saisi, DEJA, f"{nomme} {ou} : {suite}", numero)
    return None


def _suite_de(esms: Esms) -> str:
    depuis = f" depuis le {esms.ferme_le:%d/%m/%Y}" if esms.ferme_le else ""
    if esms.remplace_par:
        suivant = esms.remplace_par
        return f"{depuis} : il est remplacé par {suivant.nom}, prenez le {pour_lecture(suivant.finess)}."
    return f"{depuis} : retirez-le de la liste, ou cherchez l'ESMS qui l'a repris dans l'annuaire."


def _avis(
    esms: Esms,
    saisi: str,
    parcours: list[Parcours],
    grappe: Grappe | None,
    solution: Solution | None,
    visibles: set[int],
) -> list[Ecart]:
    """Ce qui se signale sans interdire : retour d'un ESMS sorti, double financement."""
    rendu = []
    tous_ailleurs = [p for p in parcours if not grappe or p.grappe_id != grappe.pk]
    ailleurs = [p for p in tous_ailleurs if p.grappe_id in visibles]
    if grappe and any(p.grappe_id == grappe.pk for p in parcours):
        texte = f"{esms.nom} était sorti de cette grappe : le réintégrer depuis sa fiche garderait son histoire."
        rendu.append(Ecart(saisi, "sorti", texte, esms.finess))
    if solution and any(p.solution_id == solution.pk for p in ailleurs):
        texte = f"{esms.nom} a déjà eu un parcours pour {solution} : le même logiciel serait financé deux fois."
        rendu.append(Ecart(saisi, DOUBLE, texte, esms.finess))
    elif any(p.etat != EtatParcours.SORTI for p in ailleurs):
        texte = f"{esms.nom} a un parcours en cours pour une autre solution : deux DUI seraient financés."
        rendu.append(Ecart(saisi, DOUBLE, texte, esms.finess))
    elif any(p.etat != EtatParcours.SORTI for p in tous_ailleurs):
        # D'un projet qu'on ne voit pas, on apprend qu'il existe, jamais avec quel logiciel.
        texte = f"{esms.nom} {AILLEURS} : vérifiez avec son directeur que rien ne serait financé deux fois."
        rendu.append(Ecart(saisi, DOUBLE, texte, esms.finess))
    return rendu
