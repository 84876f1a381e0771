"""Une petite grappe outre-mer : dix ESMS réels d'un seul organisme, convention signée, éditeur pas encore choisi."""

from collections.abc import Mapping

from programme.demonstration.annuaire import creer_un_groupe
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.comptes import nommer
from programme.demonstration.recit import Recit
from programme.demonstration.scenario import Fil, Pas
from programme.enums import NatureFait, PointDepart, Role
from programme.models import Grappe, Module, OrganismeGestionnaire, Region, Utilisateur
from programme.services.grappes import creer_grappe

NOM = "Du Maroni à l'Oyapock"
OG = "970302477"
CAYENNE = ("970301735", "970304846", "970302485", "970303533", "970304465", "970301123")
KOUROU = ("970301305", "970306635")
OUEST = ("970305496", "970307195")
MODULES = ("dossier-administratif", "journal-de-bord", "agenda", "projet-personnalise", "presences")

PRESENTATION = (
    "Démonstration : les ESMS sont ceux du répertoire FINESS, leur histoire ici est inventée. Trois bassins éloignés, "
    "un réseau inégal : le hors-ligne est le premier critère de la consultation à venir."
)


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> Grappe:
    """Bâtit la grappe : déposée, conventionnée, quelques ESMS déjà au cadrage."""
    c = calendrier
    og = OrganismeGestionnaire.objects.get(finess=OG)
    grappe = creer_grappe(
        nom=NOM,
        par=comptes["admin"],
        chef=comptes["conduite-guyane"],
        porteur=og,
        region=Region.objects.get(nom="Guyane"),
        modules=Module.objects.filter(code__in=MODULES),
        annee_financement=c.mois(6, 15).year,
        presentation=PRESENTATION,
    )
    du = c.mois(11, 6)
    grappe.affectations.update(du=du)
    nommer(comptes, "direction-guyane", Role.DIRECTEUR, creer_un_groupe("Île de Cayenne", og, *CAYENNE), du=du)
    nommer(comptes, "direction-ouest", Role.DIRECTEUR, creer_un_groupe("Ouest guyanais", og, *OUEST), du=du)
    recit = Recit(grappe, comptes, "conduite-guyane", c.aujourdhui)
    recit.avancer_grappe(("deposer", c.mois(9, 16), ""), ("conventionner", c.mois(5, 11), ""))
    recit.accueillir([*_au_cadrage(c), *(Fil(finess=f) for f in (*CAYENNE[3:], *KOUROU, *OUEST[1:]))], c.mois(11, 10))
    recit.rejouer()
    return grappe


def _au_cadrage(c: Calendrier) -> list[Fil]:
    annonce_a_venir = "L'annonce aux équipes attend le retour de la cheffe de service ; la date est prise."
    return [
        Fil(
            finess=CAYENNE[0],
            direction="direction-guyane",
            depart=PointDepart.PAPIER,
            gain="Savoir le lundi matin ce que les familles ont signalé le week-end",
            passages=(Pas("engager", c.mois(3, 20)),),
            faits=((NatureFait.CONCERTATION, c.jours(30)), (NatureFait.BESOINS, c.jours(23))),
        ),
        Fil(
            finess=CAYENNE[1],
            direction="direction-guyane",
            depart=PointDepart.BUREAUTIQUE,
            passages=(Pas("engager", c.mois(3, 20)),),
        ),
        Fil(
            finess=CAYENNE[2],
            direction="direction-guyane",
            depart=PointDepart.PAPIER,
            passages=(Pas("engager", c.jours(40), annonce_a_venir),),
            sans=frozenset({NatureFait.ANNONCE}),
        ),
        Fil(
            finess=OUEST[0],
            direction="direction-ouest",
            depart=PointDepart.PAPIER,
            passages=(Pas("engager", c.jours(18)),),
        ),
    ]
