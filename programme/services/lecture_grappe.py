"""Ce que la page d'une grappe montre à un lecteur donné : rien d'autre que ce qu'il voit."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from programme.calculs.regles_grappe import Membre, Regle, lire_regles
from programme.enums import (
    EN_CHEMIN,
    FRISE_GRAPPE,
    EtatGrappe,
    EtatMoment,
    EtatOuverture,
    EtatParcours,
    Role,
    TempsEcriture,
    TypeProjet,
)
from programme.models import Esms, Etape, EvenementEsms, Grappe, Moment, Ouverture, Parcours, Proposition, Vague
from programme.permissions import peut_affecter
from programme.services.evenements import en_mots
from programme.services.perimetre import sieges_vacants
from programme.services.reports import reports_en_cours
from programme.services.tableau import Grille, Lecture
from programme.socle.dates import mois
from programme.socle.models import Passage
from programme.socle.nombres import quelques

ETAPES_MONTREES = 7
_SAUTEES: dict[tuple[str, str], str] = {
    ("modeliser", EtatGrappe.CONVENTIONNEE): EtatGrappe.CONSULTATION,
    ("deployer", EtatGrappe.MODELE_COMMUN): EtatGrappe.PILOTE,
}
_OUVERTES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)


def frise(grappe: Grappe, passages: Iterable[Passage]) -> list[dict[str, str]]:
    """Sept étapes au plus : jusqu'au déploiement tant que la convention n'est pas signée, de la convention ensuite."""
    franchis = list(passages)
    dates = {p.vers: p.date_effet for p in franchis}
    sautes = {_SAUTEES[p.transition, p.de] for p in franchis if (p.transition, p.de) in _SAUTEES}
    etat = grappe.etat_suspendu if grappe.etat == EtatGrappe.SUSPENDUE else grappe.etat
    if etat not in FRISE_GRAPPE:
        etat = next((p.de for p in reversed(franchis) if p.de in FRISE_GRAPPE), EtatGrappe.MONTAGE)
    ici = FRISE_GRAPPE.index(EtatGrappe(etat))
    debut = 0 if ici < FRISE_GRAPPE.index(EtatGrappe.CONVENTIONNEE) else len(FRISE_GRAPPE) - ETAPES_MONTREES
    rendu = []
    for rang in range(debut, debut + ETAPES_MONTREES):
        etape = FRISE_GRAPPE[rang]
        statut = "ici" if rang == ici else "passe" if rang < ici else "a-venir"
        if statut == "passe" and etape in sautes and etape not in dates:
            rendu.append({"nom": etape.label, "statut": "sans-objet", "date": "sans objet"})
            continue
        rendu.append({"nom": etape.label, "statut": statut, "date": mois(dates[etape]) if etape in dates else ""})
    return rendu


@dataclass(slots=True)
class LigneVague:
    """Une vague de déploiement, et ce que le lecteur en voit."""

    vague: Vague
    parcours: list[Parcours]
    en_chemin: int

    @property
    def depassee(self) -> bool:
        """Vrai si plus d'ESMS sont en chemin à la fois que la capacité dite."""
        return self.vague.capacite is not None and self.en_chemin > self.vague.capacite


def lire_vagues(grappe: Grappe, lecture: Lecture) -> list[LigneVague]:
    """Les vagues de la grappe, face aux ESMS encore dans le projet ; « en chemin » : du cadrage à l'ouverture."""
    rendu = []
    for vague in grappe.vagues.all():
        ranges = [p for p in lecture.presents if p.vague_id == vague.pk]
        rendu.append(LigneVague(vague, ranges, sum(p.etat in EN_CHEMIN for p in ranges)))
    return rendu


@dataclass(slots=True)
class EnAttente:
    """Ce qui attend une décision : une phrase et l'endroit où agir."""

    texte: str
    lien: str = ""
    lien_libelle: str = ""


def _accorde(nombre: int, un: str, plusieurs: str) -> str:
    return (un if nombre == 1 else plusieurs).format(nombre)


@dataclass(frozen=True, slots=True)
class Resume:
    """Le chapeau : ce que comptent les ESMS visibles encore dans le projet."""

    nb_esms: int
    nb_sortis: int
    nb_og: int
    types: list[str]
    est_mixte: bool


def resumer(lecture: Lecture) -> Resume:
    """Compte les parcours lus encore dans le projet, et dit à part les sortis."""
    presents = lecture.presents
    types = {p.type_projet for p in presents}
    return Resume(
        len(presents),
        len(lecture.parcours) - len(presents),
        len({p.esms.og_id for p in presents if p.esms.og_id}),
        [t.label.lower() for t in TypeProjet if t in types],
        len(types) > 1,
    )


def en_journal(passages: list[Passage]) -> list[dict[str, Any]]:
    """Les passages de la grappe, du plus récent au plus ancien, comme le composant journal les lit."""
    etats = dict(EtatGrappe.choices)
    return [
        {
            "date": p.date_effet,
            "titre": f"{etats.get(p.de, p.de)} → {etats.get(p.vers, p.vers)}",
            "texte": f"{p.par} ({p.role})" + (f" : {p.motif}" if p.motif else ""),
            "nature": p.nature,
        }
        for p in reversed(passages)
    ]


def grilles_en_lignes(grilles: list[Grille]) -> tuple[list[str], Iterator[list[Any]]]:
    """En-têtes et lignes d'un tableau : un ESMS par ligne, une colonne par condition de n'importe quel passage."""
    conditions = {c.code: c.libelle for g in grilles for c in g.conditions}
    fixes = ["FINESS", "ESMS", "Organisme gestionnaire", "État", "Passage attendu", "Reste à réunir"]
    entetes = [*fixes, *conditions.values()]

    def lignes() -> Iterator[list[Any]]:
        for grille in grilles:
            codes = [c.code for c in grille.conditions]
            for parcours, decompte, cases in grille.lignes:
                mesures = {code: case.en_mots for code, case in zip(codes, cases, strict=True)}
                yield [
                    parcours.esms.finess,
                    parcours.esms.nom,
                    str(parcours.esms.og or ""),
                    parcours.get_etat_display(),
                    grille.verbe,
                    decompte.reste,
                    *(mesures.get(code, "") for code in conditions),
                ]

    return entetes, lignes()


def _ou_nommer(vacants: list[Esms], utilisateur: Any) -> tuple[str, str]:
    """Un seul ESMS : droit au formulaire, pour qui peut nommer. Plusieurs : la liste."""
    if len(vacants) == 1 and peut_affecter(utilisateur, Role.DIRECTEUR, vacants[0]):
        return f"{reverse('programme:affectation-creer')}?esms={vacants[0].finess}", "Nommer une direction"
    return reverse("programme:sans-direction"), "Voir lesquels"


def _moments(lecture: Lecture, visibles: list[int]) -> list[EnAttente]:
    """Vagues demandées, désaccords portés au COMOP : une phrase chacun, et la page qui les liste."""
    comptes = Counter(Moment.objects.en_cours().filter(parcours__in=visibles).values_list("etat", flat=True))
    phrases = (
        (
            EtatMoment.DEMANDE,
            "Une vague demandée attend le chef de projet.",
            "{} vagues demandées attendent le chef de projet.",
        ),
        (
            EtatMoment.PORTE,
            "Un désaccord de calendrier attend le COMOP.",
            "{} désaccords de calendrier attendent le COMOP.",
        ),
    )
    presents = [etat for etat, _, _ in phrases if comptes[etat.value]]
    lien = reverse("programme:grappe-moments", args=[lecture.parcours[0].grappe_id]) if presents else ""
    return [
        EnAttente(_accorde(comptes[etat.value], un, plusieurs), lien, "Voir les moments")
        for etat, un, plusieurs in phrases
        if comptes[etat.value]
    ]


def en_attente(lecture: Lecture, vagues: list[LigneVague], utilisateur: Any) -> list[EnAttente]:
    """Décisions attendues, sur ce dont le lecteur lit la préparation : un financeur n'en lit aucune."""
    visibles = list(lecture.lisibles)
    if not visibles:
        return []
    rendu = []
    if proposees := Proposition.objects.en_attente().filter(parcours__in=visibles).count():
        texte = _accorde(
            proposees, "Un passage proposé attend son directeur.", "{} passages proposés attendent leur directeur."
        )
        rendu.append(EnAttente(texte))
    rendu += _moments(lecture, visibles)
    reportes = reports_en_cours(visibles, timezone.localdate())
    if prets := [p for p in lecture.prets if p.pk not in reportes]:
        noms = quelques(str(p) for p in prets)
        texte = _accorde(len(prets), "Tout est réuni pour un ESMS", "Tout est réuni pour {} ESMS")
        rendu.append(EnAttente(f"{texte} ({noms}) : la direction peut décider."))
    vacants = list(sieges_vacants(utilisateur).filter(parcours__in=visibles).distinct())
    if vacants:
        noms = quelques(e.nom for e in vacants)
        texte = _accorde(len(vacants), "Un ESMS n'a pas de direction", "{} ESMS n'ont pas de direction")
        rendu.append(EnAttente(f"{texte} : {noms}.", *_ou_nommer(vacants, utilisateur)))
    arrives = EvenementEsms.objects.visibles_par(utilisateur).a_traiter().filter(esms__parcours__in=visibles).distinct()
    if connus := list(arrives):
        texte = en_mots(connus)
        seul = reverse("programme:evenement-detail", args=[connus[0].pk])
        url = seul if len(connus) == 1 else reverse("programme:evenement-liste")
        texte = f"{texte[0].upper()}{texte[1:]} : rien ne s'est fait d'office."
        rendu.append(EnAttente(texte, url, "Donner une suite"))
    for ligne in vagues:
        if ligne.depassee:
            texte = f"La {ligne.vague} a {ligne.en_chemin} ESMS en chemin pour une capacité de {ligne.vague.capacite}."
            rendu.append(EnAttente(texte))
    if retards := Etape.objects.en_retard(timezone.localdate()).filter(parcours__in=visibles).count():
        rendu.append(EnAttente(_accorde(retards, "Une date prévue est passée.", "{} dates prévues sont passées.")))
    return rendu


def chiffres(lecture: Lecture) -> list[dict[str, Any]]:
    """Les tuiles, sur les ESMS encore dans le projet ; deux de jalons, deux de préparation pour qui la lit toute."""
    presents = lecture.presents
    if len(presents) < 2:
        return []
    return [*_jalons(presents), *(_en_preparation(presents) if lecture.se_lit_entiere else [])]


def _jalons(presents: list[Parcours]) -> list[dict[str, Any]]:
    etats = dict(
        Ouverture.objects.au_perimetre()
        .filter(unite__parcours__in=presents)
        .order_by()
        .values_list("etat")
        .annotate(nombre=Count("pk"))
    )
    par_etat = Counter(p.etat for p in presents)
    return [
        {
            "titre": "Ouvertures faites",
            "valeur": sum(etats.get(e, 0) for e in _OUVERTES),
            "sur": f"/ {sum(etats.values())}",
            "detail": "unités × modules au périmètre",
            "donnees": [{"nom": e.label, "valeur": etats.get(e.value, 0)} for e in EtatOuverture if e.value in etats],
        },
        {
            "titre": "En service régulier ou en routine",
            "valeur": par_etat[EtatParcours.SERVICE_REGULIER] + par_etat[EtatParcours.ROUTINE],
            "sur": f"/ {len(presents)}",
            "detail": "ESMS",
            "donnees": [{"nom": e.label, "valeur": par_etat[e.value]} for e in EtatParcours if par_etat[e.value]],
        },
    ]


def _en_preparation(presents: list[Parcours]) -> list[dict[str, Any]]:
    anciens = Ouverture.objects.filter(
        unite__parcours__in=presents, etat__in=_OUVERTES, retire_le__isnull=True
    ).exclude(ancien_support="")
    temps = Counter(p.temps_ecriture for p in presents)
    return [
        {
            "titre": "Temps d’écriture décidé",
            "valeur": temps[TempsEcriture.DECIDE],
            "sur": f"/ {len(presents)}",
            "detail": f"refusé dans {temps[TempsEcriture.REFUSE]}, non décidé dans {temps[TempsEcriture.NON_DECIDE]}",
            "donnees": [{"nom": t.label, "valeur": temps[t.value]} for t in TempsEcriture],
        },
        {
            "titre": "Anciens supports encore vivants",
            "valeur": anciens.count(),
            "sur": "unités × modules",
            "detail": "déjà ouverts, et toujours sur l’ancien support",
        },
    ]


def regles_de(grappe: Grappe, nouveaux: Iterable[Any] = (), type_projet: str = "") -> list[Regle]:
    """Les règles de la grappe telle qu'elle serait avec `nouveaux` ESMS."""
    return lire_regles([*_membres(grappe), *_futurs(nouveaux, type_projet)])


def _membres(grappe: Grappe) -> list[Membre]:
    ailleurs = Count("esms__parcours", filter=~Q(esms__parcours__grappe=grappe))
    lignes = (
        Parcours.objects.filter(grappe=grappe)
        .dans_le_projet()
        .order_by()
        .annotate(ailleurs=ailleurs)
        .values_list("esms__finess", "esms__nom", "esms__departement__region", "type_projet", "ailleurs")
    )
    return [Membre(finess, nom, region or "", projet, bool(n)) for finess, nom, region, projet, n in lignes]


def _futurs(esms: Iterable[Any], type_projet: str) -> list[Membre]:
    liste = list(esms)
    doubles = set(Parcours.objects.filter(esms__in=liste).values_list("esms_id", flat=True))
    return [
        Membre(e.finess, e.nom, e.departement.region_id if e.departement else "", type_projet, e.pk in doubles)
        for e in liste
    ]
