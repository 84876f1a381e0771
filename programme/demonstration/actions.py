"""Les actions de la démonstration : douze, à tous les états, dont deux en retard. Tout est inventé."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import franchir
from programme.models import Grappe, Parcours, Utilisateur
from programme.services.actions import Cible, creer_action

UN, DEUX, MAISON, QUATRE = ENFANCE
"""Les quatre ESMS du pôle Enfance ; le troisième est la maison d'enfants du référent."""


@dataclass(frozen=True)
class Recit:
    """Une action et ce qui lui est arrivé ; `esms` vide : toute la grappe. `par` et `a` : des comptes."""

    libelle: str
    par: str
    le: date
    echeance: date | None = None
    esms: str = ""
    a: str = ""
    fonction: str = ""
    precision: str = ""
    passages: tuple[tuple[str, date, str], ...] = ()


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Écrit chaque action par qui en avait le droit, puis rejoue ses passages par la porte."""
    # Relus : leur périmètre a changé depuis que les comptes sont nés.
    connus = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in comptes.items()}
    grappe = Grappe.objects.get(nom=NOM)
    parcours = {p.esms.finess: p for p in Parcours.objects.filter(grappe=grappe).select_related("esms__departement")}
    for recit in _recits(calendrier):
        cible: Cible = parcours[recit.esms] if recit.esms else grappe
        action = creer_action(
            cible=cible,
            libelle=recit.libelle,
            par=connus[recit.par],
            le=recit.le,
            echeance=recit.echeance,
            precision=recit.precision,
            responsable=connus[recit.a] if recit.a else None,
            responsable_nom=recit.fonction,
        )
        for transition, le, motif in recit.passages:
            franchir(action, transition, par=connus[recit.a or recit.par], le=le, motif=motif)


def _recits(c: Calendrier) -> tuple[Recit, ...]:
    return (*_de_la_grappe(c), *_des_esms(c))


def _de_la_grappe(c: Calendrier) -> tuple[Recit, ...]:
    return (
        Recit(
            "Obtenir de l'éditeur la date du prochain correctif de l'agenda",
            par="cheffe",
            le=c.jours(35),
            echeance=c.jours(6),
            a="cheffe",
            precision="Demandé au dernier COMOP : trois ESMS attendent ce correctif pour stabiliser.",
            passages=(("commencer", c.jours(30), ""),),
        ),
        Recit(
            "Préparer le modèle de droits d'accès des remplaçants",
            par="cheffe",
            le=c.jours(20),
            echeance=c.dans_jours(12),
            a="appui",
            precision="Un profil par métier, lecture seule la première semaine.",
            passages=(("commencer", c.jours(9), ""),),
        ),
        Recit(
            "Réserver la salle du prochain comité utilisateurs", par="cheffe", le=c.jours(4), echeance=c.dans_jours(20)
        ),
        Recit(
            "Relire avec la déléguée à la protection des données la fiche d'information",
            par="cheffe",
            le=c.jours(50),
            echeance=c.jours(28),
            fonction="Déléguée à la protection des données",
            passages=(("terminer", c.jours(31), ""),),
        ),
        Recit(
            "Comparer deux outils d'émargement en ligne",
            par="cheffe",
            le=c.jours(55),
            a="cheffe",
            passages=(("abandonner", c.jours(40), "Les feuilles imprimées suffisent, les équipes les préfèrent."),),
        ),
        Recit(
            "Partager la pratique des relais de nuit avec les autres grappes", par="cheffe", le=c.jours(8), a="membre"
        ),
    )


def _des_esms(c: Calendrier) -> tuple[Recit, ...]:
    return (
        Recit(
            "Faire tirer une prise réseau dans la salle de relève",
            par="directrice",
            le=c.jours(40),
            echeance=c.jours(5),
            esms=MAISON,
            fonction="Le prestataire réseau",
            precision="Devis accepté ; une intervention d'une demi-journée, hors présence des enfants.",
        ),
        Recit(
            "Remplir la procédure dégradée et l'afficher à côté du poste",
            par="directrice",
            le=c.jours(25),
            echeance=c.dans_jours(9),
            esms=MAISON,
            a="referent",
        ),
        Recit(
            "Former les deux veilleuses de nuit arrivées ce mois-ci",
            par="directrice",
            le=c.jours(10),
            echeance=c.dans_jours(6),
            esms=UN,
            a="directrice",
            passages=(("commencer", c.jours(3), ""),),
        ),
        Recit(
            "Retirer le cahier de transmission de l'accueil",
            par="directrice",
            le=c.jours(58),
            echeance=c.jours(30),
            esms=DEUX,
            a="directrice",
            passages=(("commencer", c.jours(45), ""), ("terminer", c.jours(33), "")),
        ),
        Recit(
            "Vérifier les comptes nominatifs de l'équipe éducative",
            par="siege",
            le=c.jours(15),
            echeance=c.dans_jours(25),
            esms=QUATRE,
            a="siege",
        ),
        Recit(
            "Présenter le dossier aux familles au conseil de la vie sociale",
            par="directrice",
            le=c.jours(21),
            echeance=c.dans_jours(40),
            esms=QUATRE,
            a="directrice",
            passages=(
                ("terminer", c.jours(12), ""),
                ("rouvrir", c.jours(7), "Séance reportée faute de quorum : à représenter."),
            ),
        ),
    )
