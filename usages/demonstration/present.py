"""Les usages d'aujourd'hui : un an de relevés de l'IME, ce qui attend la directrice, une preuve à finir. Inventé."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from programme.demonstration import fondation
from programme.demonstration.ain_rhone import grappe as ain_rhone
from programme.demonstration.calendrier import Calendrier, jour_ouvre
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.models import Grappe, Jalon, Parcours, Utilisateur
from programme.services.vues import enregistrer_vue
from programme.socle.enums import Partage
from programme.socle.lots import analyser
from usages.calculs.periodes import Periode
from usages.demonstration import choix, editeurs, etudes, retours
from usages.demonstration.recit import RELEVENT, mois_du_recit
from usages.demonstration.releves import Periodes, relever
from usages.enums import CadenceReleve
from usages.models import CumulIndicateur, Indicateur, Precision, Releve, Valeur
from usages.services import preuves
from usages.services.chiffres import precisions

MOIS_DE_L_IME, TRIMESTRES_DE_L_IME, MOIS_DES_SOEURS = 12, 4, 3
"""Le trimestre dernier, ses sœurs le relèvent aussi."""
SA_MAISON, SON_VOISIN = "010784262", "010780906"
"""L'ESMS de la directrice à qui l'ARS demande une précision ; celui du voisin, qui y a répondu."""
PROUVENT = ("projets-personnalises", "contrats-de-sejour", "ins-qualifiees")


def creer(donnes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Relève les mois que le récit n'a pas relevés ; puis ce qui attend chacun."""
    comptes = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in donnes.items()}
    mois = Periode.contenant(calendrier.aujourdhui, CadenceReleve.MOIS).precedente()
    trimestre = Periode.contenant(calendrier.aujourdhui, CadenceReleve.TRIMESTRE).precedente()
    _fondation(comptes, mois, trimestre)
    _ain_rhone(comptes, calendrier, mois, trimestre)
    retours.raconter(comptes)
    etudes.raconter(comptes)
    analyser(Releve, Valeur, CumulIndicateur)


# --- la grappe qui mesure ses usages -------------------------------------------------------------------------------


def _fondation(comptes: Mapping[str, Utilisateur], mois: Periode, trimestre: Periode) -> None:
    grappe, cheffe = Grappe.objects.get(nom=fondation.NOM), comptes["cheffe"]
    trimestres = trimestre.dernieres(TRIMESTRES_DE_L_IME)
    choix.suivre(grappe, cheffe, trimestres[0].debut)
    ouverts = editeurs.qui_ont_ouvert(grappe)
    if ouverts[0].solution:
        editeurs.consigner_les_tickets(grappe, ouverts[:6], ouverts[0].solution.editeur, cheffe)
    muets = frozenset({ouverts[-1].esms.finess})
    for toutes, periodes in ((MOIS_DES_SOEURS, mois.dernieres(MOIS_DE_L_IME)), (1, trimestres)):
        for recul, periode in _a_rebours(periodes):
            quand = Periodes(periode, recul, frozenset() if recul else muets)
            relever(grappe, quand, chef=cheffe, finess=(fondation.IME,) if recul >= toutes else ())
    _preparer_la_preuve(grappe, cheffe, trimestre.fin)
    _garder_une_vue(grappe, cheffe)


def _a_rebours(periodes: list[Periode]) -> list[tuple[int, Periode]]:
    return [(len(periodes) - 1 - rang, periode) for rang, periode in enumerate(periodes)]


def _garder_une_vue(grappe: Grappe, cheffe: Utilisateur) -> None:
    """Ce que la cheffe montre au COMOP, partagé avec la grappe."""
    enregistrer_vue(
        par=cheffe,
        liste="usages:grappe-tableau-de-bord",
        objet=str(grappe.pk),
        nom="À porter au COMOP",
        criteres={"choisis": sorted(PROUVENT)},
        partage=Partage.GRAPPE,
        grappe=grappe,
    )


def _preparer_la_preuve(grappe: Grappe, cheffe: Utilisateur, au: date) -> None:
    jalon = Jalon.objects.filter(convention__grappe=grappe, preuve_usage=True).get()
    preuves.preparer(
        jalon=jalon,
        arretee_au=au,
        indicateurs=list(Indicateur.objects.filter(code__in=PROUVENT)),
        note="Un ESMS n'a pas encore transmis son trimestre ; la preuve se signera avec lui.",
        par=cheffe,
    )


# --- la grappe en déploiement --------------------------------------------------------------------------------------


def _ain_rhone(comptes: Mapping[str, Utilisateur], c: Calendrier, mois: Periode, trimestre: Periode) -> None:
    grappe, cheffe = Grappe.objects.get(nom=ain_rhone.NOM), comptes["cheffe"]
    tous = set(Parcours.objects.filter(grappe=grappe).values_list("esms__finess", flat=True))
    siens = frozenset(ain_rhone.ENFANCE)
    deja = mois_du_recit(c)
    for recul, periode in _a_rebours(list(deja[0].jusqu_a(mois))):
        if recul:
            restent = tous - set(RELEVENT) if periode in deja else tous
            relever(grappe, Periodes(periode, recul), chef=cheffe, finess=restent)
            continue
        relever(grappe, Periodes(periode, recul, frozenset({"010010494"})), chef=cheffe, finess=tous - siens)
        # Le sien vient de s'ouvrir : elle le trouve à l'accueil, avec son échéance.
        hier = max(jour_ouvre(c.aujourdhui - timedelta(days=2)), periode.fin + timedelta(days=1))
        relever(grappe, Periodes(periode, recul, siens, hier), chef=cheffe, finess=siens)
    relever(grappe, Periodes(trimestre, 0, siens | {"740785274"}), chef=cheffe)
    _demander_des_precisions(comptes, c)
    ouverts = editeurs.qui_ont_ouvert(grappe)
    avec_dui = [p for p in ouverts if p.solution_id and p.solution_id == ouverts[0].solution_id]
    if ouverts[0].solution:
        editeurs.ecrire_a_l_editeur(grappe, ouverts[0].solution.editeur, cheffe)
    editeurs.annoncer_les_versions(comptes, avec_dui)


def _demander_des_precisions(comptes: Mapping[str, Utilisateur], c: Calendrier) -> None:
    """L'ARS lit deux chiffres : le voisin a répondu, la directrice trouve la question à l'accueil."""
    repondue = _demander(SON_VOISIN, "comptes-actifs", "L'équipe de nuit y est-elle ?", comptes, c.jours(9))
    franchir(
        repondue,
        "repondre",
        par=comptes["voisin"],
        le=c.jours(7),
        motif="Oui, les veilleuses ont leur compte depuis l'ouverture ; seuls les renforts n'y sont pas.",
    )
    _demander(
        SA_MAISON, "couverture-formation", "Les arrivants de la rentrée sont-ils déjà comptés ?", comptes, c.jours(5)
    )


def _demander(finess: str, code: str, question: str, comptes: Mapping[str, Utilisateur], le: date) -> Precision:
    transmises: Any = Valeur.objects.totaux().filter(
        releve__parcours__esms__finess=finess, indicateur__code=code, numerateur__isnull=False
    )
    valeur = transmises.comptees().select_related("releve__parcours__esms").order_by("-releve__debut")[0]
    precision = precisions.demander(valeur=valeur, question=question, par=comptes["ars"])
    # L'instant s'écrit seul à la création ; la question, elle, a été posée ce jour-là.
    Precision.objects.filter(pk=precision.pk).update(demandee_le=a_neuf_heures(le))
    return precision
