"""Les chapitres des usages dans le dossier de séance : les indicateurs, les retours de terrain.

Tous les membres les lisent, financeur compris : rien que des totaux qu'aucun d'eux ne ramène à quelques ESMS, et rien
que ce qu'un financeur lit. Jamais un ESMS nommé, jamais un rang, jamais le texte d'une équipe.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from programme.chapitres.communs import borner, debut_de, depuis_en_mots, parcours_de, sur
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, Texte, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, nombre
from usages.calculs import reperes
from usages.calculs.agregat import Agregat
from usages.calculs.masquage import devant_tous
from usages.calculs.periodes import Periode
from usages.dessins.delais import en_mots
from usages.enums import CadenceReleve, Forme, Maille
from usages.models import Cible, Precision, Releve, Valeur
from usages.models.communs import TRANSMIS
from usages.services.agregats.lecture import lire
from usages.services.releves.ouverture import DELAI
from usages.services.retours.seance import lire_pour_la_seance
from usages.services.tableaux.commun import Moment, lire_cibles, lisibles, nombre_de, se_vise
from usages.services.tableaux.totaux import Cle, Ensemble, Totaux, avec_tranches, comparer, ensembles

PROCHE = timedelta(days=90)
"""Une cible dont l'échéance vient avant se regarde."""
NON_MONTRE = "non montré"
REGLE = (
    "Les totaux réunissent au moins cinq ESMS, et autant sans les ESMS d'un même organisme ; les autres ne se montrent "
    "pas. Ne pas avoir transmis n'est pas un reproche : « non mesurable » est une réponse."
)
REGLE_DES_RETOURS = (
    "Un nombre se montre s'il réunit au moins cinq retours, et autant sans ceux d'un même organisme. On n'y lit que le "
    "résumé de ceux qui ont leur réponse, jamais le texte d'une équipe ; ceux de cette semaine viendront plus tard."
)
RIEN_A_REGARDER = "Rien à regarder de près : aucun seuil franchi, aucune cible qui approche sans être atteinte."


@inscrire("indicateurs", "Les indicateurs", 55)
def indicateurs(demande: Demande) -> list[Bloc]:
    """Les relevés du dernier mois échu, et des périodes qu'il finit, face à ceux d'avant. À requêtes constantes."""
    moment = moment_de(demande)
    transmis = _transmis(demande.grappe.pk, moment)
    if not transmis:
        return []
    lignes, cibles = _lire(demande, moment)
    return [
        _chiffres(transmis, lignes),
        Texte(REGLE),
        _ont_bouge(lignes),
        _face_aux_cibles(lignes, cibles),
        _a_regarder(demande, lignes, cibles),
    ]


def moment_de(demande: Demande) -> Moment:
    """Le dernier mois dont les relevés étaient attendus ; comparé à celui qu'on avait lu à la séance d'avant."""
    mois = _mois_echu(demande.au)
    avec = _mois_echu(demande.depuis) if demande.depuis else mois.precedente()
    return Moment(mois, min(avec, mois.precedente()))


def _mois_echu(jour: date) -> Periode:
    return Periode.contenant(jour - DELAI, CadenceReleve.MOIS).precedente()


def _transmis(grappe: int, moment: Moment) -> dict[Periode, tuple[int, int]]:
    """Par période, combien de relevés transmis, sur combien d'ouverts. Une requête."""
    ici = Q()
    for cadence in moment.fenetres:
        ici |= Q(cadence=cadence, debut=moment.periode(cadence).debut)
    lus: Any = Releve.objects.filter(ici, grappe=grappe).order_by().values_list("cadence", "debut")
    comptes = lus.annotate(transmis=Count("pk", filter=Q(etat__in=TRANSMIS)), ouverts=Count("pk"))
    par_cadence = {cadence: (Periode(debut, cadence), (faits, tous)) for cadence, debut, faits, tous in comptes}
    return {par_cadence[c][0]: par_cadence[c][1] for c in moment.fenetres if c in par_cadence}


def _lire(demande: Demande, moment: Moment) -> tuple[list[Ensemble], dict[int, Cible]]:
    """Un ensemble par indicateur que lit aussi le financeur ; ce qui désignerait quelques ESMS se tait."""
    grappe = demande.grappe.pk
    lus: dict[Cle, Agregat] = {}
    for cadence in moment.fenetres:
        periodes = [moment.periode(cadence), moment.avant(cadence)]
        lus |= avec_tranches(lire(Maille.GRAPPE, str(grappe), periodes))
    par_og = _par_organisme(grappe, moment)
    tus = frozenset(cle for cle in lus if not devant_tous(par_og.get(cle, {}).values()))
    retenus = [i for i in lisibles({i for i, _ in lus}) if i.transmis_au_financeur]
    toutes = lire_cibles([grappe], demande.au)
    cibles = {i.pk: c for i in retenus if (c := toutes.de(grappe, i.pk))}

    def visee(indicateur: Any) -> float | None:
        return nombre_de(cibles.get(indicateur.pk)) if se_vise(indicateur) else None

    totaux = Totaux(lus, tus)
    # Tous les membres lisent ce dossier, et pas les chiffres des autres : on y compare des totaux, ou rien.
    constants = comparer(retenus, totaux, moment, Maille.GRAPPE, str(grappe), lecteur=None)
    return ensembles(retenus, totaux, moment, visee, constants), cibles


def _par_organisme(grappe: int, moment: Moment) -> dict[tuple[int, date], dict[int | None, int]]:
    """Combien d'ESMS de chaque organisme ont répondu, par indicateur et période. Une requête."""
    rendu: dict[tuple[int, date], dict[int | None, int]] = defaultdict(dict)
    comptees: Any = Valeur.objects.totaux().comptees().filter(moment.courtes, releve__grappe=grappe).order_by()
    par_og = comptees.values_list("indicateur", "releve__debut", "releve__og").annotate(nombre=Count("pk"))
    for indicateur, debut, og, nombre_d_esms in par_og:
        rendu[indicateur, debut][og] = nombre_d_esms
    return rendu


# --- les blocs -----------------------------------------------------------------------------------------------------


def _chiffres(transmis: dict[Periode, tuple[int, int]], lignes: Sequence[Ensemble]) -> Chiffres:
    jugees = [_est_atteinte(e) for e in lignes if _est_atteinte(e) is not None]
    valeurs = [(f"Relevés transmis, {p.nom}", f"{sur(faits, tous)} ESMS") for p, (faits, tous) in transmis.items()]
    if jugees:
        valeurs.append(("Cibles atteintes", sur(sum(bool(j) for j in jugees), len(jugees))))
    return Chiffres(tuple(valeurs))


def _est_atteinte(e: Ensemble) -> bool | None:
    return reperes.est_atteinte(e.indicateur.sens, e.valeur, e.cible)


def _avec_unite(e: Ensemble, dit: str) -> str:
    """Une durée dit ses jours ; un nombre se lit avec le nom de son indicateur."""
    return f"{dit} {e.indicateur.unite}" if e.indicateur.forme == Forme.DUREE else dit


def _ont_bouge(lignes: Sequence[Ensemble]) -> Tableau:
    """Dans l'ordre du catalogue ; seulement ce qui se compare."""
    dits = [
        (
            e.indicateur.libelle,
            f"{_avec_unite(e, e.dit_avant)}, {e.avant.nom}",
            f"{_avec_unite(e, e.dit)}, {e.periode.nom}",
            e.ecart,
            e.mot_du_mouvement,
        )
        for e in lignes
        if e.mouvement != reperes.PAREIL
    ]
    colonnes = ("Indicateur", "Avant", "À présent", "Écart", "C'est")
    return borner("Ce qui a bougé", colonnes, dits, "Rien n'a bougé, ou rien ne se compare.")


def _face_aux_cibles(lignes: Sequence[Ensemble], cibles: dict[int, Cible]) -> Tableau:
    dits = []
    for e in lignes:
        if e.cible is None:
            continue
        atteinte = _est_atteinte(e)
        mot = "" if atteinte is None else "oui" if atteinte else "pas encore"
        fin = cibles[e.indicateur.pk].au
        reponses = e.nombre if e.total is not None else ""
        valeur = NON_MONTRE if e.masque or e.total is None else _avec_unite(e, e.dit)
        dits.append((e.indicateur.libelle, e.dit_cible, valeur, reponses, mot, date_courte(fin) if fin else ""))
    colonnes = ("Indicateur", "Cible", "À présent", "Ont répondu", "Atteinte", "Échéance")
    return borner("Face aux cibles de la grappe", colonnes, dits, "La grappe ne s'est pas donné de cible.")


def _a_regarder(demande: Demande, lignes: Sequence[Ensemble], cibles: dict[int, Cible]) -> Tableau:
    """Seuils franchis, cibles qui approchent, questions sans réponse : de quoi parler, sans nommer personne."""
    dits = [*_seuils(lignes, cibles), *_echeances(lignes, cibles, demande.au), *_questions(demande)]
    return borner("Points à regarder", ("Quoi", "Pourquoi"), dits, RIEN_A_REGARDER)


def _seuils(lignes: Sequence[Ensemble], cibles: dict[int, Cible]) -> list[tuple[str, str]]:
    rendu = []
    for e in lignes:
        seuil = nombre_de(cibles.get(e.indicateur.pk), "seuil") if se_vise(e.indicateur) else None
        if seuil is not None and reperes.est_sous_le_seuil(e.indicateur.sens, e.valeur, seuil):
            dit = reperes.dire(e.indicateur.forme, seuil)
            rendu.append((e.indicateur.libelle, f"{e.dit}, seuil d'alerte : {dit}"))
    return rendu


def _echeances(lignes: Sequence[Ensemble], cibles: dict[int, Cible], au: date) -> list[tuple[str, str]]:
    rendu = []
    for e in lignes:
        fin = cibles[e.indicateur.pk].au if e.indicateur.pk in cibles else None
        if fin and fin <= au + PROCHE and _est_atteinte(e) is False:
            rendu.append((e.indicateur.libelle, f"{e.dit} pour une cible de {e.dit_cible} le {date_courte(fin)}"))
    return rendu


def _questions(demande: Demande) -> list[tuple[str, str]]:
    """Les précisions sans réponse, comptées. Une requête."""
    pendantes = Precision.objects.sans_reponse().filter(valeur__releve__grappe=demande.grappe).count()
    if not pendantes:
        return []
    return [("Précisions demandées", accorde(pendantes, "attend sa réponse,attendent leur réponse"))]


# --- les retours de terrain ----------------------------------------------------------------------------------------


@inscrire("retours", "Les retours de terrain", 57)
def retours(demande: Demande) -> list[Bloc]:
    """Ce qui est reçu et répondu depuis la séance d'avant : des totaux, et les réponses publiées. Quatre requêtes."""
    lu = lire_pour_la_seance(parcours_de(demande), debut_de(demande), demande.au)
    if not lu.recus and not lu.reponses:
        return []
    depuis = depuis_en_mots(demande.depuis)
    valeurs = [(f"Retours reçus {depuis}", _dire(lu.recus_dits)), ("Ont leur réponse", _dire(lu.repondus_dits))]
    if lu.recus_dits is not None:
        valeurs.append(("La moitié répondus en", en_mots(lu.delais.mediane)))
    themes = [(nom, _dire(nombre_de_retours)) for nom, nombre_de_retours in lu.themes]
    return [
        Chiffres(tuple(valeurs)),
        Texte(REGLE_DES_RETOURS),
        Tableau("De quoi les équipes parlent", ("Thème", "Retours"), tuple(themes), "Aucun retour reçu."),
        borner("Vous avez dit, nous avons fait", ("Retour", "Réponse"), lu.reponses, "Aucune réponse publiée."),
    ]


def _dire(combien: int | None) -> str:
    return NON_MONTRE if combien is None else nombre(combien)
