"""Une période relevée par une grappe : ouverte, calculée, importée, tapée, puis transmise, validée, verrouillée.

Par lots : autant de requêtes ou presque pour un ESMS que pour trente, sauf ce qui se tape et ce qui se transmet.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from formation.models import Poste
from formation.services.couverture import rafraichir
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import a_neuf_heures
from programme.models import Affectation, Grappe, Ouverture, Parcours, Utilisateur
from programme.socle.indicateurs import Mesure
from programme.socle.porte_lot import Demande, changer_etat_en_lot
from usages.calculs.periodes import Periode
from usages.demonstration import nombres
from usages.demonstration.choix import TAPES
from usages.enums import Absence, CadenceReleve, EtatReleve, SourceUsage
from usages.models import Indicateur, Releve, UsageMensuel, Valeur
from usages.services.chiffres.calculs import calculer
from usages.services.chiffres.valeurs import Importe, Saisie, ecrire, remplacer_importes
from usages.services.releves.ouverture import ouvrir

TRANSMIS_APRES, VALIDE_APRES, VERROUILLE_APRES = 8, 19, 75
"""Jours après la fin de la période."""
PLACES = 26
MOTS = {
    "comptes-actifs": "Congés et remplacements : l'équipe était réduite ce mois-là.",
    "couverture-formation": "Deux arrivées ce mois-ci : leur formation est prévue à la prochaine session.",
    "arrivants-formes": "Les derniers arrivés suivent la session du mois prochain.",
    "unites-ouvertes": "Le périmètre a grandi : une unité de plus à ouvrir.",
}
MOT = "Vu en réunion d'équipe : rien d'autre à signaler."
SANS_CONTRATS = "Nos contrats restent au siège, sur papier : le DUI ne les compte pas."
SANS_CONTRATS_PARMI = 6
"""Un ESMS sur six ne sait pas compter ses contrats."""


@dataclass(frozen=True)
class Periodes:
    """De quoi relever : la période, combien la séparent de la dernière, qui ne répond pas."""

    periode: Periode
    recul: int
    muets: frozenset[str] = frozenset()
    ouvert_le: date | None = None

    def apres(self, jours: int) -> date:
        """Tant de jours après sa fin, un jour ouvré, sans dépasser aujourd'hui."""
        return jour_ouvre(min(self.periode.fin + timedelta(days=jours), timezone.localdate()))


def relever(grappe: Grappe, quand: Periodes, *, chef: Utilisateur, finess: Collection[str] = ()) -> None:
    """Relève cette période dans ces ESMS (tous à défaut), jusqu'où l'on en est aujourd'hui."""
    parcours: Any = Parcours.objects.filter(grappe=grappe)
    if finess:
        parcours = parcours.filter(esms__finess__in=finess)
    periode = quand.periode
    mensuelle = periode.cadence == CadenceReleve.MOIS
    if mensuelle:
        rafraichir(parcours, [periode.debut])
        _recevoir_les_connexions(parcours, quand)
    ouvrir(periode, au=quand.ouvert_le or periode.fin + timedelta(days=1), parcours=parcours)
    ouverts = Releve.objects.de_la_periode(periode).filter(parcours__in=parcours, etat=EtatReleve.SAISI)
    releves = list(ouverts.pour_lecture().order_by("pk"))
    directions = _directions(releves)
    rangs = {r.pk: rang for rang, r in enumerate(releves)}
    repondent = [r for r in releves if r.parcours.esms.finess not in quand.muets and r.parcours.esms_id in directions]
    calculer(periode, parcours=parcours)
    if not mensuelle:
        _taper(repondent, quand, rangs, directions)
    _importer(releves, quand, rangs)
    _dire_un_mot(repondent, directions)
    _passer(repondent, quand, directions, chef)


def _directions(releves: Sequence[Releve]) -> dict[int, Utilisateur]:
    """Qui dirige chaque ESMS ; le même objet pour une même personne, dont le périmètre ne se lit qu'une fois."""
    tenues = Affectation.objects.en_cours(timezone.localdate()).de_direction().select_related("utilisateur")
    gens: dict[int, Utilisateur] = {}
    rendu = {}
    for esms, affectations in tenues.par_esms([r.parcours.esms_id for r in releves]).items():
        if affectations:
            qui = affectations[0].utilisateur
            rendu[esms] = gens.setdefault(qui.pk, qui)
    return rendu


def _recevoir_les_connexions(parcours: Any, quand: Periodes) -> None:
    """Le journal de l'éditeur, là où un module est ouvert et l'équipe connue."""
    periode = quand.periode
    ouvertes = Ouverture.objects.filter(unite__parcours__in=parcours, ouverte_le__lte=periode.fin)
    la = Q(debut__lte=periode.fin) & (Q(fin__isnull=True) | Q(fin__gte=periode.debut))
    postes = Poste.objects.filter(la, parcours__in=ouvertes.values("unite__parcours"), est_renfort=False)
    comptes = postes.order_by().values_list("parcours").annotate(nombre=Count("professionnel", distinct=True))
    lignes = []
    for cle, en_poste in comptes:
        actifs = nombres.actifs(en_poste, cle, quand.recul, periode.debut.month)
        lignes.append(
            UsageMensuel(
                parcours_id=cle,
                mois=periode.debut,
                source=SourceUsage.JOURNAL,
                actifs=actifs,
                partages=cle % 3,
                inconnus=cle % 2,
                connexions=actifs * 17 + cle % 40,
                premier_jour=periode.debut,
                dernier_jour=periode.fin,
                importe_le=a_neuf_heures(jour_ouvre(periode.fin + timedelta(days=4))),
            )
        )
    UsageMensuel.objects.bulk_create(lignes)


def _taper(releves: Sequence[Releve], quand: Periodes, rangs: dict[int, int], qui: dict[int, Utilisateur]) -> None:
    """Les cinq chiffres du trimestre, par la direction."""
    places = dict(
        Parcours.objects.filter(pk__in=[r.parcours_id for r in releves])
        .order_by()
        .values_list("pk")
        .annotate(places=Sum("unites__nb_places"))
    )
    attendues: dict[int, list[Valeur]] = defaultdict(list)
    vides = Valeur.objects.totaux().filter(releve__in=releves, indicateur__code__in=TAPES, motif="")
    for valeur in vides.select_related("indicateur"):
        attendues[valeur.releve_id].append(valeur)
    for r in releves:
        rang = rangs[r.pk]
        dits = nombres.du_trimestre(places.get(r.parcours_id) or PLACES + rang % 9 * 4, rang, quand.recul)
        saisies = [_saisie(v, dits, rang) for v in attendues[r.pk]]
        if saisies:
            ecrire(releve=r, saisies=saisies, par=qui[r.parcours.esms_id])


def _saisie(valeur: Valeur, dits: Any, rang: int) -> Saisie:
    code = valeur.indicateur.code
    if code == "contrats-de-sejour" and rang % SANS_CONTRATS_PARMI == SANS_CONTRATS_PARMI - 1:
        return Saisie(indicateur=valeur.indicateur_id, motif=Absence.NON_MESURABLE, commentaire=SANS_CONTRATS)
    return Saisie(indicateur=valeur.indicateur_id, numerateur=dits[code])


def _importer(releves: Sequence[Releve], quand: Periodes, rangs: dict[int, int]) -> None:
    """Ce que dit le fichier de l'éditeur : les identités qualifiées du trimestre, les heures de panne du mois."""
    mensuelle = quand.periode.cadence == CadenceReleve.MOIS
    code = "indisponibilites" if mensuelle else "ins-qualifiees"
    indicateur = Indicateur.objects.get(code=code).pk
    presents = dict(
        Valeur.objects.totaux()
        .filter(releve__in=releves, indicateur__code="presents", numerateur__isnull=False)
        .values_list("releve", "numerateur")
    )
    attendent = set(
        Valeur.objects.totaux().filter(releve__in=releves, indicateur=indicateur).values_list("releve", flat=True)
    )
    chiffres = []
    for r in releves:
        if r.pk not in attendent or not mensuelle and r.pk not in presents:
            continue
        mesure = (
            Mesure(nombres.indisponibilites(rangs[r.pk], quand.periode.debut.month))
            if mensuelle
            else Mesure(nombres.ins_qualifiees(int(presents[r.pk]), rangs[r.pk], quand.recul), presents[r.pk])
        )
        chiffres.append(Importe(r.parcours_id, quand.periode, indicateur, [mesure]))
    remplacer_importes(chiffres=chiffres, le=a_neuf_heures(quand.apres(5)), par=None)


def _dire_un_mot(releves: Sequence[Releve], qui: dict[int, Utilisateur]) -> None:
    """Ce qui surprend s'explique avant de se transmettre."""
    par_cle = {r.pk: r for r in releves}
    muettes = Valeur.objects.totaux().filter(releve__in=releves, mot_attendu=True, commentaire="")
    for v in muettes.select_related("indicateur"):
        releve = par_cle[v.releve_id]
        dite = Saisie(
            indicateur=v.indicateur_id,
            numerateur=v.numerateur,
            denominateur=v.denominateur,
            commentaire=MOTS.get(v.indicateur.code, MOT),
        )
        ecrire(releve=releve, saisies=[dite], par=qui[releve.parcours.esms_id])


def _passer(releves: Sequence[Releve], quand: Periodes, qui: dict[int, Utilisateur], chef: Utilisateur) -> None:
    """Transmis, validés, verrouillés, à leurs dates : ce que le temps écoulé a permis."""
    aujourdhui = timezone.localdate()
    transmis = [Demande(r, qui[r.parcours.esms_id], quand.apres(TRANSMIS_APRES)) for r in releves]
    changer_etat_en_lot("transmettre", transmis)
    for transition, apres in (("valider", VALIDE_APRES), ("verrouiller", VERROUILLE_APRES)):
        jour = quand.periode.fin + timedelta(days=apres)
        if jour <= aujourdhui:
            changer_etat_en_lot(transition, [Demande(r, chef, jour_ouvre(jour)) for r in releves])
