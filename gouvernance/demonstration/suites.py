"""Ce qui se raconte une fois la grappe en place : la séance qui vient, les alertes, le journal du projet. Inventé."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gouvernance.demonstration.gestes import Sujet, a_quatorze_heures, inscrire
from gouvernance.demonstration.instances import COMOP, COSTRAT, UTILISATEURS
from gouvernance.demonstration.recit import EXPORT
from gouvernance.enums import EtatSeance, NaturePoint, OrigineAlerte, Public
from gouvernance.models import Alerte, Entree, Instance, PageOuverte, PartageSeance, Publication, Seance
from gouvernance.models.instances import DELAI_ALERTE
from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.models import Grappe, Parcours, Utilisateur

IME, MAISON = ENFANCE[0], ENFANCE[2]
DOMICILE, TRAVAUX = "380793612", "690790357"
P = Public


class _Ici:
    """La grappe, ses ESMS par FINESS et les comptes, relus : leur périmètre a changé depuis leur création."""

    def __init__(self, comptes: Mapping[str, Utilisateur]) -> None:
        self.grappe = Grappe.objects.get(nom=NOM)
        self.comptes = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in comptes.items()}
        lus = Parcours.objects.filter(grappe=self.grappe).select_related("esms__departement", "grappe")
        self.parcours = {p.esms.finess: p for p in lus}
        self.comites = {i.nom: i for i in Instance.objects.filter(grappe=self.grappe)}


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Tout ce que le présent attend de quelqu'un."""
    ici = _Ici(comptes)
    _preparer_le_comop(ici)
    _alerter(ici, calendrier)
    _raconter(ici, calendrier)
    _ouvrir_une_page(ici, calendrier)
    _partager_le_dernier_costrat(ici, calendrier)


def _preparer_le_comop(ici: _Ici) -> None:
    seance = Seance.objects.get(comite=ici.comites[COMOP], etat=EtatSeance.PREPAREE)
    inscrire(seance, Sujet("Feux verts de la vague 3", NaturePoint.ECHANGE, 25), None)
    inscrire(
        seance,
        Sujet(
            "Les mots de passe des remplaçantes",
            NaturePoint.ECHANGE,
            10,
            expose="Le week-end, personne ne sait qui les donne : le papier revient.",
        ),
        ici.comites[UTILISATEURS],
    )


# --- les alertes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Donnee:
    """Une alerte donnée il y a tant de jours, et ce qui lui est arrivé : transition, il y a tant de jours, les mots."""

    par: str
    esms: str
    intitule: str
    texte: str
    il_y_a: int
    passages: tuple[tuple[str, int, str], ...] = ()


ALERTES = (
    Donnee(
        "directrice",
        MAISON,
        "Le réseau n'arrive toujours pas à l'étage de l'internat",
        "Le journal de bord s'ouvre la semaine prochaine, et aucune borne n'est posée.",
        4,
    ),
    Donnee(
        "direction-domicile",
        DOMICILE,
        "Deux chantiers informatiques la même saison",
        "La télégestion change au printemps, pendant notre vague.",
        17,
        (("prendre_en_charge", 12, ""),),
    ),
    Donnee(
        "direction-residences",
        TRAVAUX,
        "Les travaux repoussent l'ouverture de six mois",
        "L'accompagnatrice ne sera plus là quand les étages rouvriront.",
        45,
        (
            ("prendre_en_charge", 43, ""),
            ("porter", 22, "Prolonger l'accompagnatrice dépasse ce que le COMOP peut décider."),
        ),
    ),
    Donnee(
        "direction-residences",
        EXPORT,
        "L'export vers la pharmacie ne part pas",
        "L'équipe ressaisit les traitements une fois par jour.",
        32,
        (
            ("prendre_en_charge", 31, ""),
            ("clore", 19, "Le COSTRAT a levé la condition jusqu'au correctif ; l'éditeur l'a promis par écrit."),
        ),
    ),
)


def _alerter(ici: _Ici, c: Calendrier) -> None:
    for donnee in ALERTES:
        reste = DELAI_ALERTE - donnee.il_y_a
        alerte = Alerte.objects.create(
            grappe=ici.grappe,
            parcours=ici.parcours[donnee.esms],
            intitule=donnee.intitule,
            texte=donnee.texte,
            origine=OrigineAlerte.ESMS,
            levee_par=ici.comptes[donnee.par],
            levee_le=a_neuf_heures(c.jours(donnee.il_y_a)),
            echeance=c.dans_jours(reste) if reste > 0 else c.jours(-reste),
        )
        for transition, il_y_a, mot in donnee.passages:
            dit = {"reponse": mot} if transition == "clore" else {"motif": mot}
            franchir(alerte, transition, par=ici.comptes["cheffe"], le=c.jours(il_y_a), **dit)


# --- le journal du projet ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ecrite:
    """Une entrée du journal. `esms` vide : la grappe ; sans public, elle attend d'être publiée."""

    par: str
    le: date
    titre: str
    texte: str
    publics: tuple[Public, ...] = ()
    esms: str = ""


def _entrees(c: Calendrier) -> tuple[Ecrite, ...]:
    return (
        Ecrite(
            "cheffe",
            c.mois(8, 12),
            "Les pilotes ont ouvert",
            "Cinq ESMS écrivent dans le même dossier, chacun à son rythme, et racontent ce qu'ils ont appris.",
            (P.INSTANCES, P.DIRECTIONS, P.EQUIPES, P.FINANCEUR, P.PERSONNES),
        ),
        Ecrite(
            "cheffe",
            c.jours(32),
            "Une page affichée pour les pannes",
            "Avant d'ouvrir, chaque unité affiche ce qu'elle fait quand le dossier ne répond plus, et l'essaie.",
            (P.DIRECTIONS, P.EQUIPES),
        ),
        Ecrite(
            "cheffe",
            c.jours(3),
            "Préparer la suite de l'accompagnement",
            "Les derniers ESMS ouvriront l'an prochain : qui les aidera sur place, et combien de jours ?",
        ),
        Ecrite(
            "directrice",
            c.jours(55),
            "L'agenda est partagé avec l'école",
            "L'internat et l'école lisent le même agenda. Les rendez-vous ne se recopient plus.",
            (P.EQUIPES, P.PERSONNES),
            IME,
        ),
        Ecrite(
            "directrice",
            c.jours(14),
            "Chacun peut demander à lire son dossier",
            "Un professionnel le lit avec vous, à l'heure qui vous convient. Demandez à votre référent.",
            (P.PERSONNES,),
            IME,
        ),
        Ecrite(
            "directrice",
            c.jours(9),
            "Les veilleurs de nuit se forment",
            "Deux séances d'une heure, sur leur temps de travail.",
            (P.EQUIPES,),
            MAISON,
        ),
    )


def _raconter(ici: _Ici, c: Calendrier) -> None:
    for ecrite in _entrees(c):
        auteur, quand = ici.comptes[ecrite.par], a_neuf_heures(ecrite.le)
        entree = Entree.objects.create(
            grappe=ici.grappe,
            parcours=ici.parcours[ecrite.esms] if ecrite.esms else None,
            le=ecrite.le,
            titre=ecrite.titre,
            texte=ecrite.texte,
            auteur=auteur,
            ecrite_le=quand,
        )
        Publication.objects.bulk_create(
            Publication(entree=entree, public=public, publiee_par=auteur, publiee_le=quand) for public in ecrite.publics
        )


def _ouvrir_une_page(ici: _Ici, c: Calendrier) -> None:
    PageOuverte.objects.create(
        grappe=ici.grappe,
        parcours=ici.parcours[IME],
        presentation=(
            "Les professionnels écrivent maintenant sur ordinateur. Cette page raconte ce que cela change pour vous."
        ),
        contact="À l'accueil, ou au conseil de la vie sociale",
        ouverte_par=ici.comptes["directrice"],
        ouverte_le=a_neuf_heures(c.jours(55)),
    )


def _partager_le_dernier_costrat(ici: _Ici, c: Calendrier) -> None:
    seance = Seance.objects.get(comite=ici.comites[COSTRAT], debut=a_quatorze_heures(c.jours(20)))
    PartageSeance.objects.create(
        seance=seance,
        du=c.jours(13),
        au=c.dans(2, 26),
        pourquoi="Expliquer le glissement des vagues 2 et 3",
        ouvert_par=ici.comptes["cheffe"],
        ouvert_le=a_neuf_heures(c.jours(13)),
    )
