"""Candidater au rôle de site pilote : ce qui est dit, ce que Treille mesure, ce qui se compare (ANAP 3.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.calculs.chevauchement import Bornes, chevauchent
from programme.calculs.equipement import par_simultane
from programme.donnees_partagees import secteur_de, typologies_representees
from programme.enums import AvisCritere, CriterePilote, EtatCandidature, NatureFait, Role, Secteur
from programme.models import (
    Affectation,
    Candidature,
    Equipement,
    Fait,
    Grappe,
    Parcours,
    ReponseCritere,
    Utilisateur,
)
from programme.models.candidatures import CANDIDATS
from programme.permissions import peut_candidater, peut_saisir
from programme.services.controles import exiger, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import nombre

DEJA_PILOTE = "Cet ESMS est déjà désigné site pilote."
TROP_TARD = "À l'état « {} », un ESMS n'ouvre plus en pilote : la candidature n'a plus d'objet."
DEJA_COMPLETEE = (
    "Entre-temps, {} a écrit cette candidature. Votre saisie est gardée : relisez, puis enregistrez à nouveau."
)
SANS_SECTEUR = "Autre"


# --- écrire ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def presenter(
    *,
    parcours: Parcours,
    par: Utilisateur,
    mot: str = "",
    criteres: Mapping[str, tuple[str, str]] | None = None,
    le: Any = None,
) -> Candidature:
    """Présente un ESMS, avec ce qu'il dit de chaque critère (réponse, précision). Lève `Refus` (droit, champ)."""
    exiger(peut_candidater(par, parcours))
    verrou = Parcours.objects.select_for_update(of=("self",)).select_related("esms__departement", "grappe")
    relu = verrou.get(pk=parcours.pk)
    if phrase := _empechement(relu):
        raise Refus("champ", phrase, champs={"": [phrase]})
    candidature = Candidature(parcours=relu, mot=mot, presentee_par=par, presentee_le=le or timezone.now())
    valider(candidature, exclure=("etat",))
    signe: Any = candidature
    signe._history_user = par
    candidature.save()
    _ecrire(candidature, criteres or {})
    return candidature


def _empechement(parcours: Parcours) -> str:
    if parcours.est_pilote:
        return DEJA_PILOTE
    if parcours.etat not in CANDIDATS:
        return TROP_TARD.format(parcours.get_etat_display().lower())
    if parcours.candidatures.filter(etat=EtatCandidature.PRESENTEE).exists():
        return "Une candidature attend déjà une réponse : complétez-la."
    return ""


@transaction.atomic
def completer(
    *,
    candidature: Candidature,
    par: Utilisateur,
    mot: str,
    criteres: Mapping[str, tuple[str, str]],
    vu: int | None = None,
) -> Candidature:
    """Corrige une candidature qui attend encore : qui saisit pour l'ESMS. `vu` : jeton de la candidature lue.

    Lève `Refus` (droit, concurrence).
    """
    relue = Candidature.objects.select_for_update(of=("self",)).select_related("parcours__esms__departement")
    actuelle = relue.get(pk=candidature.pk)
    exiger(peut_saisir(par, actuelle.parcours))
    if actuelle.etat != EtatCandidature.PRESENTEE:
        raise Refus("concurrence", "Entre-temps, cette candidature a reçu sa réponse : elle ne se corrige plus.")
    _exiger_la_meme(actuelle, vu)
    actuelle.mot = mot
    valider(actuelle, exclure=("etat",))
    signe: Any = actuelle
    signe._history_user = par
    actuelle.save()
    _ecrire(actuelle, criteres)
    return actuelle


def _exiger_la_meme(candidature: Candidature, vu: int | None) -> None:
    """Chaque écriture laisse une ligne d'histoire, même si seules des réponses changent : le jeton suffit à le dire."""
    derniere = Candidature.history.filter(id=candidature.pk).select_related("history_user").latest("history_id")
    if vu is not None and derniere.history_id != vu:
        raise Refus("concurrence", DEJA_COMPLETEE.format(derniere.history_user or "une autre personne"))


def _ecrire(candidature: Candidature, criteres: Mapping[str, tuple[str, str]]) -> None:
    connues = {r.critere: r for r in candidature.reponses.all()}
    for critere, (avis, note) in criteres.items():
        reponse = connues.get(critere) or ReponseCritere(candidature=candidature, critere=critere)
        reponse.avis, reponse.note = avis, note
        valider(reponse)
        reponse.save()


# --- mesurer ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mesure:
    """Ce que Treille sait d'un critère. `ok` : vrai, faux, ou None si l'on ne sait pas."""

    libelle: str
    ok: bool | None
    mesure: str


@dataclass(slots=True)
class Mesures:
    """De quoi mesurer un ensemble d'ESMS en un nombre constant de requêtes."""

    au: date
    roles: set[tuple[int, str]] = field(default_factory=set)
    prerequis: dict[int, date] = field(default_factory=dict)
    equipements: dict[int, Equipement] = field(default_factory=dict)
    representes: set[int] = field(default_factory=set)

    def de(self, parcours: Parcours) -> list[Mesure]:
        """Les mesures d'un ESMS, toujours dans le même ordre."""
        return [
            self._role(parcours, Role.DIRECTEUR, "Direction en fonction"),
            self._role(parcours, Role.REFERENT, "Référent local nommé"),
            self._prerequis(parcours),
            self._equipement(parcours),
            self._typologie(parcours),
            self._conflits(parcours),
        ]

    def _role(self, p: Parcours, role: str, libelle: str) -> Mesure:
        ok = (p.esms_id, role) in self.roles
        return Mesure(libelle, ok, "oui" if ok else "personne dans Treille")

    def _prerequis(self, p: Parcours) -> Mesure:
        jour = self.prerequis.get(p.pk)
        return Mesure("Prérequis techniques validés", bool(jour), f"le {date_courte(jour)}" if jour else "date absente")

    def _equipement(self, p: Parcours) -> Mesure:
        e = self.equipements.get(p.pk)
        rapport = par_simultane(e.postes, e.simultanes) if e else None
        if rapport is None:
            return Mesure("Un poste par personne qui écrit", None, "pas encore dit")
        return Mesure("Un poste par personne qui écrit", rapport >= 1, f"{nombre(rapport)} poste par personne")

    def _typologie(self, p: Parcours) -> Mesure:
        deja = p.pk in self.representes
        mot = "déjà un pilote dans ce secteur" if deja else "aucun autre pilote dans ce secteur"
        return Mesure("Typologie pas encore représentée", not deja, mot)

    def _conflits(self, p: Parcours) -> Mesure:
        fenetre = Bornes(p.vague.debut, p.vague.fin) if p.vague else Bornes(None, None)
        touches = chevauchent(fenetre, p.conflits.all())
        if p.vague is None:
            return Mesure("Rien d'autre pendant sa vague", None, "vague à choisir")
        return Mesure("Rien d'autre pendant sa vague", not touches, "; ".join(map(str, touches)) or "rien de dit")


def mesurer(parcours: Iterable[Parcours], au: date) -> Mesures:
    """Lit tout ce qu'il faut pour ces parcours (leurs `conflits` et `esms__categorie` déjà chargés de préférence)."""
    lus = list(parcours)
    rendu = Mesures(au)
    tenues = Affectation.objects.en_cours(au).filter(role__in=(Role.DIRECTEUR, Role.REFERENT))
    for esms, affectations in tenues.par_esms({p.esms_id for p in lus}).items():
        rendu.roles |= {(esms, a.role) for a in affectations}
    faits = Fait.objects.filter(parcours__in=[p.pk for p in lus], nature=NatureFait.PREREQUIS)
    rendu.prerequis = dict(faits.values_list("parcours", "date"))
    rendu.equipements = {e.parcours_id: e for e in Equipement.objects.filter(parcours__in=[p.pk for p in lus])}
    rendu.representes = typologies_representees(lus)
    return rendu


# --- comparer --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Candidat:
    """Une candidature, ce qu'elle dit (dans l'ordre des critères), ce que Treille en mesure."""

    candidature: Candidature
    dits: list[ReponseCritere]
    mesures: list[Mesure]


@dataclass(slots=True)
class Typologie:
    """Un secteur : ses pilotes, ses candidats côte à côte."""

    nom: str
    pilotes: list[Parcours]
    candidats: list[Candidat]

    @property
    def lignes(self) -> list[tuple[str, list[Any]]]:
        """(critère, une cellule par candidat) : ce qui est dit, puis ce qui est mesuré."""
        if not self.candidats:
            return []
        dits = [(str(CriterePilote(r.critere).label), [c.dits[i] for c in self.candidats]) for i, r in self._premiers()]
        rangs = range(len(self.candidats[0].mesures))
        mesures = [(self.candidats[0].mesures[i].libelle, [c.mesures[i] for c in self.candidats]) for i in rangs]
        return [*dits, *mesures]

    def _premiers(self) -> Iterable[tuple[int, ReponseCritere]]:
        return enumerate(self.candidats[0].dits)


def reponses_de(candidature: Candidature) -> list[ReponseCritere]:
    """Une réponse par critère, dans l'ordre ; « pas encore dit » à défaut."""
    connues = {r.critere: r for r in candidature.reponses.all()}
    return [
        connues.get(c.value) or ReponseCritere(candidature=candidature, critere=c.value, avis=AvisCritere.PAS_DIT)
        for c in CriterePilote
    ]


def comparer(grappe: Grappe, par: Utilisateur, au: date) -> tuple[list[Typologie], list[Candidature]]:
    """Les typologies de la grappe (pilotes, candidats), et les candidatures répondues, dans ce que le lecteur lit."""
    vues = (
        Candidature.objects.visibles_par(par)
        .filter(parcours__grappe=grappe)
        .select_related("parcours__esms__categorie", "parcours__esms__departement", "parcours__vague", "presentee_par")
    )
    en_attente = list(vues.en_attente().prefetch_related("reponses", "parcours__conflits"))
    parcours = list(
        Parcours.objects.lisibles_par(par).filter(grappe=grappe).dans_le_projet().select_related("esms__categorie")
    )
    mesures = mesurer([c.parcours for c in en_attente], au)
    typologies = {secteur: Typologie(_nom(secteur), [], []) for secteur in dict.fromkeys(map(secteur_de, parcours))}
    for p in parcours:
        if p.est_pilote:
            typologies[secteur_de(p)].pilotes.append(p)
    for c in en_attente:
        candidat = Candidat(c, reponses_de(c), mesures.de(c.parcours))
        typologies.setdefault(secteur_de(c.parcours), Typologie(_nom(""), [], [])).candidats.append(candidat)
    ordre = {s.value: rang for rang, s in enumerate(Secteur)}
    rangees = sorted(typologies.items(), key=lambda couple: ordre.get(couple[0], len(ordre)))
    repondues = vues.exclude(etat=EtatCandidature.PRESENTEE)
    return [t for _, t in rangees], list(repondues)


def _nom(secteur: str) -> str:
    return str(Secteur(secteur).label) if secteur else SANS_SECTEUR
