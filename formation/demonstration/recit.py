"""Le récit de la formation : un plan et un modèle avant d'ouvrir, des équipes formées, puis la rotation. Inventé."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from formation.demonstration import changement, comptes, droits, equipes, sessions
from formation.enums import EtatMatrice
from formation.models import Acquis, Inscription, Matrice, ModuleFormation, Poste, Professionnel
from formation.services.couverture import mois_depuis, rafraichir
from formation.services.plan_type import partir_du_plan_type
from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier, jour_ouvre
from programme.demonstration.recit import Recit
from programme.enums import EtatParcours, NatureFait
from programme.models import Fait, Grappe, Ouverture, Parcours, Utilisateur
from programme.socle.lots import analyser

PRETE, SIGNALEE = ENFANCE[1], ENFANCE[2]
"""L'IME qui attend d'ouvrir ; la maison d'enfants dont l'éditeur a déjà signalé les comptes."""
EN_PREPARATION = (EtatParcours.PREPARATION, EtatParcours.PILOTE, EtatParcours.OUVERTURE)


def noter(recit: Recit, c: Calendrier) -> None:
    """Avant toute ouverture : le plan de la grappe et le modèle des droits d'accès."""
    jour = c.mois(12, 9) if recit.grappe.nom == NOM else None
    if jour:
        recit.noter(jour, _installer, recit.grappe, recit.chef, jour)


def _installer(grappe: Grappe, chef: Utilisateur, le: date) -> None:
    if not ModuleFormation.objects.filter(grappe=grappe).exists():
        partir_du_plan_type(grappe=grappe, par=chef)
        droits.batir_le_modele(grappe, chef, le)


def avant_d_ouvrir(ouverture: Ouverture, *, par: Utilisateur, chef: Utilisateur, le: date) -> None:
    """L'équipe formée, les droits validés, la connexion vérifiée : ce que l'ouverture trouvera fait."""
    parcours = ouverture.unite.parcours
    _installer(parcours.grappe, chef, le)
    if not Matrice.objects.en_vigueur().filter(parcours=parcours).exists():
        postes = equipes.installer(parcours, le)
        sessions.former_l_equipe(parcours, postes, le, par, parcours.pk)
        analyser(Poste, Acquis, Inscription)
        droits.valider_la_variante(parcours, par, le, parcours.pk)
    droits.verifier_les_connexions(ouverture.unite, par, le)


def creer(donnes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Le présent : ceux qui partent, ceux qui arrivent, ce qui attend chacun."""
    aujourdhui = calendrier.aujourdhui
    relus = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in donnes.items()}
    grappe = Grappe.objects.get(nom=NOM)
    parcours = {p.esms.finess: p for p in Parcours.objects.filter(grappe=grappe).pour_lecture()}
    _tourner(aujourdhui)
    _preparer(parcours, relus["cheffe"], aujourdhui)
    _attendre_la_directrice(parcours[PRETE], relus, calendrier)
    # Des personnes en partent aussi : l'éditeur, lui, garde leur compte actif.
    equipes.installer(parcours[SIGNALEE], aujourdhui)
    equipes.faire_tourner(parcours[SIGNALEE], aujourdhui, 1)
    comptes.signaler(parcours[SIGNALEE], aujourdhui)
    _sessions_de_grappe(grappe, parcours[PRETE], relus["cheffe"], calendrier)
    changement.raconter(grappe, changement.DE_GRAPPE, relus["cheffe"], aujourdhui)
    analyser(Poste, Acquis, Professionnel)
    rafraichir(mois=mois_depuis(aujourdhui - timedelta(days=210), aujourdhui))


def _tourner(aujourdhui: date) -> None:
    ouverts = Matrice.objects.en_vigueur().filter(parcours__isnull=False).select_related("parcours__esms")
    for rang, matrice in enumerate(ouverts.order_by("pk")):
        equipes.faire_tourner(matrice.parcours, aujourdhui, rang)


def _preparer(parcours: Mapping[str, Parcours], cheffe: Utilisateur, aujourdhui: date) -> None:
    """En préparation, deux sur trois ont dit qui se servira du DUI ; le reste se trouve à l'accueil."""
    attendent = [p for p in parcours.values() if p.etat in EN_PREPARATION and not p.postes.exists()]
    for rang, p in enumerate(attendent):
        if rang % 3 != 2:
            equipes.installer(p, aujourdhui)


def _attendre_la_directrice(ime: Parcours, comptes_: Mapping[str, Utilisateur], c: Calendrier) -> None:
    directrice, cheffe = comptes_["directrice"], comptes_["cheffe"]
    postes = equipes.installer(ime, c.aujourdhui)
    if not Matrice.objects.filter(parcours=ime).exclude(etat=EtatMatrice.REMPLACEE).exists():
        droits.soumettre_une_variante(ime, cheffe, c.jours(4))
    changement.raconter(ime, changement.DE_L_IME, directrice, c.aujourdhui)
    changement.fixer_des_objectifs(ime, directrice)
    if annonce := Fait.objects.filter(parcours=ime, nature=NatureFait.ANNONCE).first():
        changement.annoncer(ime, annonce.date)
    # Une moitié formée : l'autre le sera avant d'ouvrir, et la page dit laquelle.
    sessions.former_l_equipe(ime, postes[: len(postes) // 2], c.aujourdhui, directrice, 0)


def _sessions_de_grappe(grappe: Grappe, ime: Parcours, cheffe: Utilisateur, c: Calendrier) -> None:
    a_venir = sessions.prochaines(grappe, cheffe, [c.dans_jours(8), c.dans_jours(15), c.dans_jours(29)])
    restants = list(Poste.objects.prevus(c.aujourdhui).filter(parcours=ime).order_by("-pk")[:6])
    sessions.inscrire(a_venir[-1], restants, cheffe)
    module = a_venir[-1].module
    hier = sessions.planifier(module, jour_ouvre(timezone.localdate() - timedelta(days=1)), cheffe)
    ailleurs = Poste.objects.prevus(c.aujourdhui).filter(parcours__grappe=grappe).exclude(parcours=ime)
    sessions.inscrire(hier, list(ailleurs.order_by("-pk")[:9]), cheffe)
